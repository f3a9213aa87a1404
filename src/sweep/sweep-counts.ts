import * as z from 'zod';

const count = z.int().min(0).catch(0);

/** What a sweep has found so far. */
export const sweepCounts = z.object({
  /** People that Graph listed. */
  seen: count,
  /** SharePoint has their photo, or there is nothing to do about it. */
  inSync: count,
  /** Their photo is another than the one last seen. */
  changed: count,
  /** Of these: no notification had announced it. */
  unannounced: count,
  /** Seen for the first time, and recorded as they are. */
  baseline: count,
  /** Seen for the first time, and to be written. */
  added: count,
  /** An earlier event about them did not come to its end. */
  unfinished: count,
  /** Deferred, in doubt or with files to remove, and due now. */
  due: count,
  /** The same, and not due yet, or left for a later sweep. */
  waiting: count,
  /** Whose picture in SharePoint is to be read back. */
  checks: count,
  withoutPhoto: count,
  /** Of these: SharePoint shows a picture that this app wrote. */
  removed: count,
  /** Left alone without a look, by the code of the reason. */
  skipped: z.record(z.string(), z.int()).catch(() => ({})),
  /** No answer could be had about them: the next sweep looks again. */
  failed: count,
  /** Whose picture in SharePoint is one that this app wrote. */
  ours: count,
  /** Rows of people who are gone, removed. */
  leavers: count,
  /** To Graph. */
  requests: count,
  /** How often it began again, because Graph no longer knew the page it had named. */
  restarts: count,
});

export type SweepCounts = z.infer<typeof sweepCounts>;
export type CountName = Exclude<keyof SweepCounts, 'skipped'>;

export const noCounts = (): SweepCounts => sweepCounts.parse({});

export function addCounts(one: SweepCounts, other: SweepCounts): SweepCounts {
  const sum = noCounts();
  for (const name of Object.keys(sum) as (keyof SweepCounts)[]) {
    if (name !== 'skipped') sum[name] = one[name] + other[name];
  }
  for (const { skipped } of [one, other]) {
    for (const [code, people] of Object.entries(skipped)) {
      sum.skipped[code] = (sum.skipped[code] ?? 0) + people;
    }
  }
  return sum;
}

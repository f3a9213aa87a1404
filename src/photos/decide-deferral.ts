const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Between one look at a deferred person and the next; the last goes on for ever. */
const stepsMs = [4 * hourMs, dayMs, 3 * dayMs, 7 * dayMs];
const jitterShare = 0.1;

/**
 * When a person who can't be written yet is due again: for instance one whose profile SharePoint has not made so far.
 * The steps count from when the person was first deferred, so that looks in between change nothing.
 * @param row as it was before; `deferredSince` is empty for somebody who is deferred only now.
 * @param random 0 to 1: people who were deferred together should not come back together.
 * @returns two ISO 8601 times.
 */
export function decideDeferral(
  row: { deferredSince: string } | undefined,
  now: Date,
  random: number,
): { deferredSince: string; nextLookAt: string } {
  const known = new Date(row?.deferredSince ?? '');
  const since = Number.isNaN(known.getTime()) || known > now ? now : known;
  let step = 0;
  let due = since.getTime();
  let stepMs = 0;
  while (due <= now.getTime()) {
    stepMs = stepsMs[Math.min(step, stepsMs.length - 1)] ?? dayMs;
    due += stepMs;
    step += 1;
  }
  const nextLookAt = new Date(due + stepMs * jitterShare * random);
  return { deferredSince: since.toISOString(), nextLookAt: nextLookAt.toISOString() };
}

import type { Bytes } from './decide-bytes';
import type { Plan } from './decide-photo';

/** What SharePoint shows of a person. */
export type Shown =
  /** Our own three files. */
  | { by: 'us'; isPlaceholder: boolean; files: readonly Bytes[] }
  /** Another file in the picture library of a My Site host of the tenant. */
  | { by: 'other-file'; bytes: Bytes }
  /** Somewhere the app does not read. */
  | { by: 'other-address' }
  | { by: 'nobody' }
  /** There is no profile, or it is not this person's. */
  | { by: 'no-profile'; reason: string };

/** `note`: only that it was checked. `hold`: somebody keeps undoing what is written, so that person is left alone. */
export type CheckPlan =
  | { do: 'note' | 'record'; plan: Plan }
  | { do: 'write-again'; plan: Plan; rewrittenAt: string[] }
  | { do: 'hold'; plan: Plan; hold: string };

const windowMs = 30 * 86_400_000;
/** How often in 30 days a picture is written again before the app gives in. */
const maximumRewrites = 2;
const checkJitterShare = 0.1;

/**
 * What to do about the picture of somebody whose photo was applied. Another picture in its place is somebody's choice
 * (SharePoint's own pull, an admin's), and stays until the photo changes. Only an older photo of ours, which a stalled
 * request can leave, and a file that is gone are nobody's choice.
 * @param row its `code`, and when the picture was written again so far. @param now SharePoint's time.
 */
export function decideCheck(
  shown: Shown,
  row: { code: string; rewrittenAt: readonly Date[] },
  now: Date,
): CheckPlan {
  const other = otherPicture(shown);
  if (other !== undefined) return { do: 'record', plan: skip('overwritten', other) };
  const mistake = oldPicture(shown);
  if (mistake === undefined) {
    const plan = skip('unchanged', 'SharePoint shows the picture as it was written.');
    return { do: row.code === 'overwritten' ? 'record' : 'note', plan };
  }
  const lately = row.rewrittenAt.filter((at) => now.getTime() - at.getTime() < windowMs);
  if (lately.length >= maximumRewrites) {
    const reason = `${mistake} It was written again twice in 30 days, so this person is left alone from now on.`;
    return { do: 'hold', plan: skip('overwritten', reason), hold: 'SharePoint keeps overwriting' };
  }
  return {
    do: 'write-again',
    plan: { plan: 'apply', code: 'overwritten', reason: `${mistake} It is written again.` },
    rewrittenAt: [...lately, now].map((at) => at.toISOString()),
  };
}

const skip = (code: 'overwritten' | 'unchanged', reason: string): Plan => ({ plan: 'skip', code, reason });

/** What somebody else has put in the place of our picture, as a sentence. */
function otherPicture(shown: Shown): string | undefined {
  switch (shown.by) {
    case 'no-profile':
      return shown.reason;
    case 'nobody':
      return 'The picture was taken out of the SharePoint profile.';
    case 'other-address':
      return 'The SharePoint profile shows a picture from elsewhere.';
    case 'other-file':
      return shown.bytes === 'former'
        ? undefined
        : "The SharePoint profile shows another file than the app's.";
    case 'us':
      if (shown.isPlaceholder) return 'The SharePoint profile shows a placeholder.';
      return shown.files.includes('foreign')
        ? "Somebody put another picture into the app's file."
        : undefined;
  }
}

/** What nobody can want, as a sentence. */
function oldPicture(shown: Shown): string | undefined {
  const bytes = shown.by === 'us' ? shown.files : shown.by === 'other-file' ? [shown.bytes] : [];
  if (bytes.includes('former')) return 'SharePoint shows an older photo.';
  return bytes.includes('missing') ? "A file of the app's picture is gone." : undefined;
}

/** ISO 8601: when the next check is due. @param random 0 to 1: who was checked together should not come back together. */
export function nextCheckAt(now: Date, random: number): string {
  return new Date(now.getTime() + windowMs * (1 + checkJitterShare * random)).toISOString();
}

/**
 * What to do about a person's photo. Pure: facts in, a plan with its reason out. The plan is what the row, the log and
 * a report show, so a reason is a sentence an admin can read.
 */

export type Plan =
  | { plan: 'apply'; code: 'changed' | 'forced' | 'unfinished' | 'overwritten'; reason: string }
  | { plan: 'restore'; code: 'restored'; reason: string }
  /** Seen once; a second look has to see the same. */
  | { plan: 'confirm'; code: 'removal' | 'other-kind'; reason: string }
  /** The photo is gone, and so is the picture. */
  | { plan: 'clear'; code: 'removal'; reason: string }
  | { plan: 'skip'; code: SkipCode; reason: string }
  | { plan: 'defer'; code: 'no-profile' | 'other-identity' | 'unknown-geo'; reason: string }
  | { plan: 'stop'; code: StopCode; reason: string };

export type StopCode = 'paused' | 'doctor' | 'no-scope' | 'breaker' | 'day-limit' | 'scope' | 'removing';

export type SkipCode =
  | 'unchanged'
  | 'baseline'
  | 'held'
  | 'out-of-scope'
  | 'no-account'
  | 'no-photo'
  | 'guest'
  | 'disabled'
  | 'unusable'
  | 'not-ours'
  | 'retained'
  | 'overwritten'
  | 'not-restored';

/** What the row says, as far as deciding needs it. */
export interface KnownPerson {
  seenEtag: string;
  appliedEtag: string;
  settledEtag: string;
  dirty: boolean;
  /** Code of the last plan, and when it was made: ISO 8601, Storage's time. */
  code: string;
  decidedAt: string;
  hold: string;
  /** When a deferred person is due, ISO 8601. */
  nextLookAt: string;
}

/** Where the person stands to the lists and groups of the settings; see scope/scope-source.ts. */
export interface Standing {
  isIncluded: boolean;
  isExcluded: boolean;
}

export interface Scope {
  includeGuests: boolean;
  includeDisabled: boolean;
}

type Look = { kind: 'photo'; etag: string } | { kind: 'no-account' };

const skip = (code: SkipCode, reason: string): Plan & { plan: 'skip' } => ({ plan: 'skip', code, reason });

/** Before anything is asked of Microsoft 365: who is to be left alone by id, or by a hold of an admin's or the app's own. */
export function decideBeforeLook(row: KnownPerson | undefined, standing: Standing): Plan | undefined {
  if (row?.hold) return skip('held', `This person is left alone: ${row.hold}.`);
  if (standing.isExcluded) return skip('out-of-scope', 'This person is in the exclusion group.');
  if (!standing.isIncluded) return skip('out-of-scope', 'This person is not among the pilot users.');
  return undefined;
}

/**
 * After a look that found a photo, or no such account: whether the photo is one that SharePoint does not have yet.
 * Somebody without a photo is the matter of decide-removal.ts.
 * @param facts.forced an earlier delivery may have left SharePoint half written.
 * @param facts.reportOnly nothing is written, so a photo once judged needs no second judgement.
 * @param facts.announcedAt when the notification was queued that this look is for, if it is for one. Both times are Storage's.
 */
export function decideAfterLook(facts: {
  row: KnownPerson | undefined;
  look: Look;
  forced: boolean;
  reportOnly: boolean;
  now: Date;
  announcedAt?: Date | undefined;
}): Plan {
  const { row, look, forced, reportOnly, now, announcedAt } = facts;
  if (look.kind === 'no-account') return skip('no-account', 'Microsoft Entra ID has no such account.');
  if (reportOnly && row?.seenEtag === look.etag) return unchanged;
  if (row?.dirty) return { plan: 'apply', code: 'unfinished', reason: 'An earlier write did not finish.' };
  if (forced) return { plan: 'apply', code: 'forced', reason: 'An earlier try may have been cut off.' };
  if (row?.settledEtag === look.etag && !isOvertaken(row, announcedAt)) return unchanged;
  // Only a setting can change that, so SharePoint is not asked again at every notification.
  if (row?.code === 'unknown-geo' && row.seenEtag === look.etag && new Date(row.nextLookAt) > now) {
    const reason = `SHAREPOINT_GEOS did not list this person's geo; looked at again at ${row.nextLookAt}.`;
    return { plan: 'defer', code: 'unknown-geo', reason };
  }
  const isUnwritten = !wasLookedAt(row) || (row.seenEtag === look.etag && row.appliedEtag === '');
  const reason = isUnwritten ? 'No photo of this person was written yet.' : 'The photo has changed.';
  return { plan: 'apply', code: 'changed', reason };
}

/** Queues and tables tell the time in whole seconds, and each its own. */
const marginMs = 2000;

/**
 * The first sweep may take a photo for an old one while the notification of it waits in the queue. Whoever is not on
 * record yet is written upon a notification, and it must not matter which of the two comes first.
 */
function isOvertaken(row: KnownPerson, announcedAt: Date | undefined): boolean {
  if (row.code !== 'baseline' || announcedAt === undefined) return false;
  return announcedAt.getTime() <= Date.parse(row.decidedAt) + marginMs;
}

const unchanged = skip('unchanged', 'The photo has not changed.');

/** What is on record about somebody without a photo. */
const codesWithoutPhoto: ReadonlySet<string> = new Set(['no-photo', 'removal', 'not-ours', 'retained']);

/** A claim leaves a dirty row, so where nobody ever looked, nothing was ever written. */
function wasLookedAt(row: KnownPerson | undefined): row is KnownPerson {
  if (row === undefined) return false;
  if (row.dirty || row.seenEtag !== '' || row.appliedEtag !== '') return true;
  // Whoever was restored without a photo had one that was written: the next one is news.
  return row.code === 'restored' || codesWithoutPhoto.has(row.code);
}

/** Members with an enabled account, unless the settings say more. An account without a `userType` counts as a member. */
export function decideAccount(
  account: { userType: string | undefined; accountEnabled: boolean },
  scope: Scope,
): Plan | undefined {
  if (!scope.includeGuests && account.userType?.toLowerCase() === 'guest') {
    return skip('guest', 'Guests are left alone; INCLUDE_GUESTS=true includes them.');
  }
  if (!scope.includeDisabled && !account.accountEnabled) {
    return skip('disabled', 'The account is disabled; INCLUDE_DISABLED=true includes such accounts.');
  }
  return undefined;
}

/** Every picture must be whole, of a kind that SharePoint shows, and of a sane size. Tried again when the photo changes. */
export function decidePictures(
  checks: readonly ({ usable: true } | { usable: false; problem: string })[],
): Plan | undefined {
  const broken = checks.find((check) => !check.usable);
  return broken && skip('unusable', `The photo can't be used: ${broken.problem}.`);
}

import type { PhotoEvent } from '../photos/photo-event';
import type { PersonRow } from '../storage/person-table';
import type { CountName } from './sweep-counts';

/** What a look in the sweep found. */
export type SweepLook =
  { kind: 'photo'; etag: string; isStandard: boolean } | { kind: 'none' } | { kind: 'unknown' };

export interface DriftFacts {
  /** Undefined for a person never seen. */
  row: PersonRow | undefined;
  look: SweepLook;
  /** Whoever is met for the first time is recorded as they are: only later changes are written. */
  isBaseline: boolean;
  /** Nothing is written to SharePoint, so only the photo last seen is compared with. */
  reportOnly: boolean;
  /** Everyone is written once, also those who were recorded as they are. */
  isBackfill: boolean;
  removals: 'clear' | 'off';
  /** Graph's time, for what is due. */
  now: Date;
  /** Storage's time, for when this was decided. */
  readAt: Date;
}

/**
 * `send`: an event for apply, which looks again by itself; the row is written before, if there are `columns`.
 * `record`: the row is written, and nothing else is done.
 */
export type Drift = { counts: CountName[] } & (
  | { plan: 'nothing' }
  | { plan: 'record'; columns: Partial<PersonRow> }
  | { plan: 'send'; cause: PhotoEvent['cause']; columns?: Partial<PersonRow> }
);

const nothing = (...counts: CountName[]): Drift => ({ plan: 'nothing', counts });
const send = (cause: PhotoEvent['cause'], ...counts: CountName[]): Drift => ({ plan: 'send', cause, counts });

/** What one person's row and photo are to each other, and what follows. */
export function decideDrift(facts: DriftFacts): Drift {
  const { row, look, reportOnly } = facts;
  if (look.kind === 'unknown') return unseen(facts);
  if (!reportOnly && row?.dirty) return send('sweep', 'unfinished');
  if (look.kind === 'none') return withoutPhoto(facts);
  if (!wasLookedAt(row)) return firstSeen(facts, look);
  if (reportOnly) {
    return row.seenEtag === look.etag ? nothing('inSync') : send('sweep', 'changed');
  }
  if (row.settledEtag === look.etag) {
    // The photo was gone, or another, and is back: nothing may be confirmed against that any more.
    if (row.doubt !== '') return send('sweep', 'unfinished');
    const isUnwritten = row.appliedEtag === '' && row.code !== 'unusable';
    if (facts.isBackfill && isUnwritten) {
      // Not by force: of all the events that sweeps send until one comes to its turn, only one is to write.
      return { plan: 'send', cause: 'sweep', columns: { settledEtag: '' }, counts: ['added'] };
    }
    return whenToLook(row, facts.now) ?? nothing('inSync');
  }
  const isPutOff = row.plan === 'defer' && row.seenEtag === look.etag;
  const isInDoubt = row.doubt !== '' && row.doubtEtag === look.etag;
  if (isPutOff || isInDoubt) return whenToLook(row, facts.now) ?? nothing('waiting');
  return send('sweep', row.seenEtag === look.etag ? 'unfinished' : 'changed');
}

/** Whether SharePoint's picture of somebody who is in sync is to be read back. @param now Graph's time. */
export function isCheckDue(row: PersonRow | undefined, now: Date): boolean {
  return row !== undefined && row.appliedEtag !== '' && isPast(row.checkDueAt, now);
}

/**
 * Whether a notification had announced a change: one is being looked at, or will be. Both in Storage's time.
 * @param noted what the receiver and apply note beside the row.
 */
export function wasAnnounced(
  row: { lookStartedAt: string; decidedAt: string },
  noted: { lookingSince: Date | undefined; nextLookAt: Date | undefined; readAt: Date },
): boolean {
  const lastLook = [row.lookStartedAt, row.decidedAt].sort().at(-1) ?? '';
  const isLooking = noted.lookingSince !== undefined && noted.lookingSince.toISOString() > lastLook;
  return isLooking || (noted.nextLookAt !== undefined && noted.nextLookAt > noted.readAt);
}

/** What is on record about somebody without a photo. */
const codesWithoutPhoto: ReadonlySet<string> = new Set(['no-photo', 'removal', 'not-ours', 'retained']);

/** The same question as in photos/decide-photo.ts: a claim leaves a dirty row, so where nobody looked nothing was written. */
function wasLookedAt(row: PersonRow | undefined): row is PersonRow {
  if (row === undefined) return false;
  if (row.dirty || row.seenEtag !== '' || row.appliedEtag !== '') return true;
  // Whoever was restored without a photo had one that was written: the next one is news.
  return row.code === 'restored' || codesWithoutPhoto.has(row.code);
}

/** Whoever the baseline could not see has an old photo all the same: the first one that is seen belongs to it. */
function unseen(facts: DriftFacts): Drift {
  const { row, isBaseline } = facts;
  if (!isBaseline || wasLookedAt(row)) return nothing('failed');
  const columns = {
    plan: 'skip',
    code: 'baseline',
    reason: 'The photo that was there before could not be seen: the first that is counts as the old one.',
    ...noted(facts),
  };
  return { plan: 'record', columns, counts: ['failed'] };
}

function firstSeen(facts: DriftFacts, look: SweepLook & { kind: 'photo' }): Drift {
  if (!facts.isBaseline && facts.row?.code !== 'baseline') return send('sweep', 'added');
  const columns = {
    plan: 'skip',
    code: 'baseline',
    reason: 'The photo that was there before: only later changes are written.',
    seenEtag: look.etag,
    settledEtag: look.etag,
    settledKind: look.isStandard ? 'standard' : 'other',
    ...noted(facts),
  };
  return { plan: 'record', columns, counts: ['baseline'] };
}

/** A batch is no evidence for a removal: apply looks at one person alone, twice. Whose picture is not ours, is left alone. */
function withoutPhoto(facts: DriftFacts): Drift {
  const { row, reportOnly, removals, now } = facts;
  const isOurs = row !== undefined && (row.appliedEtag !== '' || row.writingSha256 !== '');
  // What was cleared before removals were switched off keeps its files until they are on again.
  const filesAreDue = removals === 'clear' && row !== undefined && isPast(row.filesDueAt, now);
  const isPutOff = filesAreDue && row.plan === 'defer' && !isPast(row.nextLookAt, now);
  if (isOurs && !reportOnly) {
    const counts = ['withoutPhoto', 'removed'] as const;
    if (isPutOff) return nothing(...counts, 'waiting');
    const due = filesAreDue ? send('files', 'due') : whenToLook(row, now);
    if (due) return { ...due, counts: [...counts, ...due.counts] };
    if (row.doubt === 'removed') return nothing(...counts, 'waiting');
    return removals === 'off' && row.code === 'no-photo' ? nothing(...counts) : send('sweep', ...counts);
  }
  if (!reportOnly && filesAreDue) {
    return isPutOff ? nothing('withoutPhoto', 'waiting') : send('files', 'withoutPhoto', 'due');
  }
  // That a picture was cleared, or why files of it stay, is not to be forgotten.
  if (row && codesWithoutPhoto.has(row.code)) return nothing('withoutPhoto');
  const columns = {
    plan: 'skip',
    code: 'no-photo',
    reason: 'This person has no photo in Microsoft 365.',
    seenEtag: '',
    deferredSince: '',
    nextLookAt: '',
    doubt: '',
    doubtEtag: '',
    doubtSince: '',
    ...noted(facts),
  };
  return { plan: 'record', columns, counts: ['withoutPhoto'] };
}

/** Files of a photo that is gone are no matter of whoever has one: the next write replaces them. */
function whenToLook(row: PersonRow, now: Date): Drift | undefined {
  if (!isPast(row.nextLookAt, now)) return undefined;
  if (row.plan === 'defer') return send('deferred', 'due');
  return send(row.doubt === '' ? 'sweep' : 'confirm', 'due');
}

const isPast = (time: string, now: Date): boolean => time !== '' && Date.parse(time) <= now.getTime();

const noted = ({ now, readAt }: DriftFacts) => ({
  decidedAt: readAt.toISOString(),
  lastSeenOn: now.toISOString().slice(0, 10),
});

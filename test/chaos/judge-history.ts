import type { HistoryEntry } from '../../src/simulator/history';

/** A file as the tenant's books tell of it: `etag` of the photo it is of, null where it is of none of that person's. */
export type JudgedEntry = HistoryEntry & { personId?: string; etag?: string | null };

export interface Violation {
  personId: string;
  what: string;
}

export interface HistoryVerdict {
  wrongFace: Violation[];
  foreignFile: Violation[];
  unconfirmedRemoval: Violation[];
}

const ownFile = /\/m365-([0-9a-f-]{36})_[SML]Thumb\.jpg$/;
const ownUrl = /\/m365-([0-9a-f-]{36})_MThumb\.jpg/;

/**
 * Judges what was written over the whole run.
 * @param hadPhoto who had a photo when the history began; whoever came later is known by their first entry.
 * @param wait.confirmSeconds between the two looks that a removal takes, by the tenant's clock.
 * @param wait.graceMs how long a worker may act on what it saw last, by the machine's clock.
 */
export function judgeHistory(
  entries: readonly JudgedEntry[],
  hadPhoto: ReadonlyMap<string, boolean>,
  wait: { confirmSeconds: number; graceMs: number },
): HistoryVerdict {
  const verdict: HistoryVerdict = { wrongFace: [], foreignFile: [], unconfirmedRemoval: [] };
  const photoless = new Map<string, Photoless>();
  const ofPerson = (id: string): Photoless => {
    const known = photoless.get(id) ?? {
      spans: hadPhoto.get(id) === false ? [beforeAll()] : [],
      isGone: false,
    };
    photoless.set(id, known);
    return known;
  };

  for (const entry of entries) {
    if (entry.kind === 'photo') follow(ofPerson(entry.personId), entry, entry.etag === null);
    if (entry.kind === 'person-removed') {
      const person = ofPerson(entry.personId);
      follow(person, entry, false);
      person.isGone = true;
    }
    if (entry.kind === 'file') {
      const [, personId = ''] = ownFile.exec(entry.path) ?? [];
      if (personId === '') verdict.foreignFile.push({ personId, what: `wrote ${entry.path}` });
      else if (entry.over === 'sharepoint')
        verdict.foreignFile.push({ personId, what: `wrote over ${entry.path}` });
      else if (entry.etag === null) {
        verdict.wrongFace.push({
          personId,
          what: `${entry.path} was never a photo of this person (${entry.time})`,
        });
      }
    }
    if (entry.kind === 'file-removed' && (entry.writtenBy === 'sharepoint' || !ownFile.test(entry.path))) {
      verdict.foreignFile.push({ personId: '', what: `removed ${entry.path}` });
    }
    if (entry.kind === 'property') {
      const [, shown] = ownUrl.exec(entry.value) ?? [];
      const [, before] = ownUrl.exec(entry.before) ?? [];
      if (shown !== undefined) {
        ofPerson(shown).writtenAt = entry;
        if (entry.objectId !== null && entry.objectId !== shown) {
          const what = `shown in the profile of ${entry.objectId} (${entry.time})`;
          verdict.wrongFace.push({ personId: shown, what });
        }
      } else if (before !== undefined) {
        const problem = problemOfClearing(ofPerson(before), entry, wait);
        if (problem)
          verdict.unconfirmedRemoval.push({ personId: before, what: `${problem} (${entry.time})` });
      }
    }
  }
  return verdict;
}

const datesAreWholeSecondsMs = 2000;

interface Moment {
  time: string;
  machineMs: number;
}

/** When a person had no photo. */
interface Photoless {
  spans: { from: Moment; until: Moment | undefined }[];
  isGone: boolean;
  /** When this product last wrote the address of its picture. */
  writtenAt?: Moment;
}

const beforeAll = (): Photoless['spans'][number] => ({
  from: { time: new Date(0).toISOString(), machineMs: 0 },
  until: undefined,
});

function follow(person: Photoless, { time, machineMs }: Moment, isPhotoless: boolean): void {
  const last = person.spans.at(-1);
  if (last && last.until === undefined) {
    if (isPhotoless) return;
    last.until = { time, machineMs };
  } else if (isPhotoless) person.spans.push({ from: { time, machineMs }, until: undefined });
}

/** A picture is cleared only where no photo was there twice, long enough apart, since the picture was written. */
function problemOfClearing(
  { spans, isGone, writtenAt }: Photoless,
  clearing: Moment,
  { confirmSeconds, graceMs }: { confirmSeconds: number; graceMs: number },
): string | undefined {
  const isLately = spans.some(
    ({ until }) => until === undefined || until.machineMs >= clearing.machineMs - graceMs,
  );
  if (!isLately) return isGone ? 'cleared when the person was gone' : 'cleared while there was a photo';
  const latestFirstLook = Date.parse(clearing.time) - confirmSeconds * 1000 + datesAreWholeSecondsMs;
  const isConfirmed = spans.some(
    ({ from, until }) =>
      Date.parse(from.time) <= latestFirstLook &&
      (until === undefined || !writtenAt || until.machineMs >= writtenAt.machineMs),
  );
  return isConfirmed ? undefined : 'cleared without a second look';
}

import type { Columns, Table } from './table';
import { toDate } from './to-date';
import { listUnseen, type UnseenPerson } from './unseen-people';

const rowVersion = 1;

/** What is known of a person. Empty text means "not known", since a merge into a table row can't remove a column. */
export interface PersonRow {
  /** The photo last seen in Microsoft 365 and judged (Graph's `@odata.mediaEtag`). */
  seenEtag: string;
  /** The photo that SharePoint shows because this app wrote it. */
  appliedEtag: string;
  /** The photo about which nothing is left to do: applied, in the baseline, or unusable. A claim empties it. */
  settledEtag: string;
  /** Of the settled photo: `standard`, one of Graph's square sizes, or `other`, as the directory keeps them. */
  settledKind: string;
  /** Claimed and not closed: SharePoint may hold anything between the old picture and the new one. */
  dirty: boolean;
  /** Storage's time of the row read that came before the last look at the photo. */
  lookStartedAt: string;
  /** Since when the plan is to defer. */
  deferredSince: string;
  /** When the person is due again whatever is heard of them: deferred, or to be confirmed, or with files to remove. */
  nextLookAt: string;
  /** What was seen once and counts only when it is seen again: `removed`, or `other-kind`. */
  doubt: string;
  /** The photo that is in doubt; empty where there was none. */
  doubtEtag: string;
  /** Graph's time of the look that began the doubt. */
  doubtSince: string;
  /** The picture was cleared, and our files go at this time. */
  filesDueAt: string;
  /** The last decision, its stable code and its reason in words. */
  plan: string;
  code: string;
  reason: string;
  decidedAt: string;
  appliedAt: string;
  /** When SharePoint's picture is to be read back, and when it was. */
  checkDueAt: string;
  checkedAt: string;
  /** When a picture that SharePoint had overwritten was written again: JSON array of times, the latest 30 days. */
  rewrittenAt: string;
  /** Why an event about this person ended as poison; empty once a later one succeeded. */
  failure: string;
  failureAt: string;
  /** Leave this person alone, with the reason: an admin's, or the app's own. */
  hold: string;
  /** The four picture properties as they were before this app first wrote, as JSON. */
  earlierProperties: string;
  /** SHA-256 (hex) of the three files last written, as JSON `{S, M, L}`. */
  writtenSha256: string;
  /** The same of a write that was begun: noted with the claim, so that a half-written set is known as ours. */
  writingSha256: string;
  /** SHA-256 of files written before those: JSON array, the latest 30. */
  formerSha256: string;
  /** The last day a sweep saw this account, renewed once a week. */
  lastSeenOn: string;
  /** The doctor tries on this person, and what the row was before: see doctor/open-trial.ts. Counts while `dirty`. */
  trial: string;
}

/** A person of whom nothing is known. */
export const emptyRow: Readonly<PersonRow> = {
  seenEtag: '',
  appliedEtag: '',
  settledEtag: '',
  settledKind: '',
  dirty: false,
  lookStartedAt: '',
  deferredSince: '',
  nextLookAt: '',
  doubt: '',
  doubtEtag: '',
  doubtSince: '',
  filesDueAt: '',
  plan: '',
  code: '',
  reason: '',
  decidedAt: '',
  appliedAt: '',
  checkDueAt: '',
  checkedAt: '',
  rewrittenAt: '',
  failure: '',
  failureAt: '',
  hold: '',
  earlierProperties: '',
  writtenSha256: '',
  writingSha256: '',
  formerSha256: '',
  lastSeenOn: '',
  trial: '',
};

export interface PersonReading {
  /** Undefined for a person never seen. */
  row: PersonRow | undefined;
  token: string | undefined;
  readAt: Date;
}

/**
 * What is noted beside the person's row, under a key of its own, because writing to the row itself would break the
 * claim of whoever is at work.
 */
export interface LookReading {
  lookingSince: Date | undefined;
  /** Who noted that, to tell one's own note from another's. */
  lookingBy: string | undefined;
  /** A delayed look is on its way, or has run, at this time. */
  nextLookAt: Date | undefined;
  /** The latest second look is on its way, or has run, at this time. */
  secondLookAt: Date | undefined;
  token: string | undefined;
  readAt: Date;
}

export interface PersonTable {
  read(personId: string): Promise<PersonReading>;
  /** Compare-and-set; see Table.write. */
  write(
    personId: string,
    token: string | undefined,
    changes: Partial<PersonRow>,
  ): Promise<string | undefined>;
  /** Without comparing: for what must be on record whoever is at work. */
  overwrite(personId: string, changes: Partial<PersonRow>): Promise<void>;
  readLook(personId: string): Promise<LookReading>;
  writeLook(
    personId: string,
    token: string | undefined,
    changes: { lookingSince?: Date; lookingBy?: string; nextLookAt?: Date; secondLookAt?: Date },
  ): Promise<string | undefined>;
  /** Everybody of one of `personPartitions`. */
  listPartition(partition: string): Promise<{ id: string; row: PersonRow }[]>;
  /** Why an event had to be put back, and when: past once the row's `decidedAt` is later. */
  noteFailure(personId: string, failure: string, failureAt: Date): Promise<void>;
  /** Some partitions at a time; see unseen-people.ts. */
  listUnseen(fromPartition: string, since: Date): ReturnType<typeof listUnseen>;
  /** Removes both of the person's rows, unless somebody wrote the main one since. */
  forget(person: UnseenPerson): Promise<void>;
}

export function createPersonTable(table: Table): PersonTable {
  return {
    async read(personId) {
      const { token, columns, readAt } = await table.read(partitionOf(personId), personId);
      return { token, readAt, row: token === undefined ? undefined : toRow(columns) };
    },
    write: (personId, token, changes) =>
      table.write(partitionOf(personId), personId, token, { version: rowVersion, ...changes }),
    overwrite: (personId, changes) =>
      table.overwrite(partitionOf(personId), personId, { version: rowVersion, ...changes }),
    async readLook(personId) {
      const { token, columns, readAt } = await table.read(partitionOf(personId), lookKeyOf(personId));
      return {
        token,
        readAt,
        lookingSince: toDate(columns.lookingSince),
        lookingBy: typeof columns.lookingBy === 'string' ? columns.lookingBy : undefined,
        nextLookAt: toDate(columns.nextLookAt),
        secondLookAt: toDate(columns.secondLookAt),
      };
    },
    writeLook: (personId, token, changes) =>
      table.write(partitionOf(personId), lookKeyOf(personId), token, {
        version: rowVersion,
        ...(changes.lookingSince && { lookingSince: changes.lookingSince.toISOString() }),
        ...(changes.lookingBy !== undefined && { lookingBy: changes.lookingBy }),
        ...(changes.nextLookAt && { nextLookAt: changes.nextLookAt.toISOString() }),
        ...(changes.secondLookAt && { secondLookAt: changes.secondLookAt.toISOString() }),
      }),
    async listPartition(partition) {
      const { rows } = await table.list(partition);
      return rows.flatMap((columns) =>
        isLookKey(columns.rowKey) ? [] : [{ id: columns.rowKey, row: toRow(columns) }],
      );
    },
    noteFailure: (personId, failure, failureAt) =>
      table.overwrite(partitionOf(personId), lookKeyOf(personId), {
        version: rowVersion,
        failure,
        failureAt: failureAt.toISOString(),
      }),

    listUnseen: (fromPartition, since) => listUnseen(table, fromPartition, since),
    async forget({ id, token }) {
      const partition = partitionOf(id);
      if (token !== undefined) {
        await table.remove(partition, id, token);
        if ((await table.read(partition, id)).token !== undefined) return;
      }
      const look = await table.read(partition, lookKeyOf(id));
      if (look.token !== undefined) await table.remove(partition, lookKeyOf(id), look.token);
    },
  };
}

/** Every partition that there can be. */
export const personPartitions: readonly string[] = Array.from({ length: 256 }, (_, number) =>
  number.toString(16).padStart(2, '0'),
);

/** 256 partitions, so that no partition's limit binds in a tenant of any size. Ids are checked GUIDs: keys are never raw input. */
const partitionOf = (personId: string) => personId.slice(0, 2);
const lookKeyOf = (personId: string) => `${personId}:look`;
/** Beside the person's own row lies one of when and why they were looked at. */
export const isLookKey = (rowKey: string) => rowKey.endsWith(':look');

/** Rows are untrusted: a column that is missing, or of another kind, counts as empty. */
export function toRow(columns: Columns): PersonRow {
  const known = Object.entries(emptyRow).map(
    ([name, empty]) => [name, sameKind(columns[name], empty)] as const,
  );
  return { ...emptyRow, ...Object.fromEntries(known) };
}

function sameKind(value: Columns[string] | undefined, empty: string | boolean): Columns[string] {
  return value !== undefined && typeof value === typeof empty ? value : empty;
}

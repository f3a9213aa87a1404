import type { Columns, Table } from './table';

/** Somebody of whom nothing was seen or heard for long. */
export interface UnseenPerson {
  id: string;
  /** Of the person's row; undefined where only the note beside it is left. */
  token: string | undefined;
}

/** About how many rows one call goes through: a few seconds' work. */
const rowsACall = 20_000;

/** A note sorts after its person's row, and says nothing of its own while that one is there. */
const times = ['lastSeenOn', 'decidedAt', 'failureAt', 'lookingSince'];

/**
 * Goes through the people's rows, whole partitions at a time, and never has more than a thousand in memory.
 * @param fromPartition where to begin; empty for the first.
 * @returns those whom nothing in their rows is about since then, and where to go on; undefined after the last.
 */
export async function listUnseen(
  table: Pick<Table, 'scan'>,
  fromPartition: string,
  since: Date,
): Promise<{ unseen: UnseenPerson[]; next: string | undefined }> {
  const unseen: UnseenPerson[] = [];
  let partition = '';
  let lastId = '';
  let rows = 0;
  for await (const page of table.scan(fromPartition, times)) {
    for (const row of page) {
      if (row.partitionKey !== partition && rows >= rowsACall) return { unseen, next: row.partitionKey };
      partition = row.partitionKey;
      rows += 1;
      const [id = '', note] = row.rowKey.split(':');
      if (note !== undefined && id === lastId) continue;
      lastId = id;
      if (lastTimeOf(row) < since.toISOString()) {
        unseen.push({ id, token: note === undefined ? row.token : undefined });
      }
    }
  }
  return { unseen, next: undefined };
}

/** ISO 8601; where a row tells no time of its own, the time of its last write. */
function lastTimeOf(row: Columns): string {
  const known = times.map((name) => row[name]).filter((time) => typeof time === 'string' && time !== '');
  return String(known.sort().at(-1) ?? row.timestamp ?? '');
}

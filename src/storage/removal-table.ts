import type { Columns, Table } from './table';

/** How far the app is with taking itself out. Times are Storage's, as ISO 8601 text. */
export interface RemovalRow {
  /** When it began: anew where it is to be done otherwise than before. */
  startedAt: string;
  /** Whether everybody's picture of before is put back. */
  restoresAll: boolean;
  /** The partition of people's rows to go on with, by its place; 0 for the first. */
  partition: number;
  /** People so far, of this round through all rows. */
  restored: number;
  notRestored: number;
  open: number;
}

/** What a finished round leaves. `doneAt` is empty while anybody is `open` or a subscription may be left. */
export interface RemovalRecord {
  doneAt: string;
  restoresAll: boolean;
  subscriptionsLeft: number;
  restored: number;
  notRestored: number;
  open: number;
}

export interface RemovalTable {
  read(): Promise<{ row: RemovalRow | undefined; token: string | undefined; readAt: Date }>;
  /** Compare-and-set; see Table.write. */
  write(token: string | undefined, changes: Partial<RemovalRow>): Promise<string | undefined>;
  readRecord(): Promise<{ record: RemovalRecord | undefined; readAt: Date }>;
  record(record: RemovalRecord): Promise<void>;
  /** The app is not going any more: nothing of that is on record then. */
  forget(): Promise<void>;
}

const partitionKey = 'control';
const rowVersion = 1;

export function createRemovalTable(table: Table): RemovalTable {
  return {
    async read() {
      const { token, columns, readAt } = await table.read(partitionKey, 'removing');
      return { token, readAt, row: token === undefined ? undefined : toRow(columns) };
    },
    write: (token, changes) =>
      table.write(partitionKey, 'removing', token, { version: rowVersion, ...changes }),
    async readRecord() {
      const { token, columns, readAt } = await table.read(partitionKey, 'removed');
      if (token === undefined) return { record: undefined, readAt };
      const { restoresAll, restored, notRestored, open } = toRow(columns);
      const doneAt = typeof columns.doneAt === 'string' ? columns.doneAt : '';
      const subscriptionsLeft = whole(columns.subscriptionsLeft);
      return { record: { doneAt, restoresAll, subscriptionsLeft, restored, notRestored, open }, readAt };
    },
    record: (record) => table.overwrite(partitionKey, 'removed', { version: rowVersion, ...record }),
    async forget() {
      // The row last: as long as it is there, this is done again.
      for (const rowKey of ['removed', 'removing']) {
        const { token } = await table.read(partitionKey, rowKey);
        if (token !== undefined) await table.remove(partitionKey, rowKey, token);
      }
    },
  };
}

const whole = (value: unknown): number => (Number.isSafeInteger(value) ? (value as number) : 0);

/** Rows are untrusted: a column of another kind counts as absent. */
function toRow(columns: Columns): RemovalRow {
  return {
    startedAt: typeof columns.startedAt === 'string' ? columns.startedAt : '',
    restoresAll: columns.restoresAll === true,
    partition: whole(columns.partition),
    restored: whole(columns.restored),
    notRestored: whole(columns.notRestored),
    open: whole(columns.open),
  };
}

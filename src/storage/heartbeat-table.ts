import type { Table } from './table';
import { toDate } from './to-date';

/** When the app last said that it is alive. */
export interface HeartbeatTable {
  /** `toldAt` is Storage's time; undefined where it never said so. */
  read(): Promise<{ toldAt: Date | undefined; token: string | undefined; readAt: Date }>;
  /** Compare-and-set; see Table.write. */
  write(token: string | undefined, toldAt: Date): Promise<string | undefined>;
}

const partitionKey = 'control';
const rowKey = 'heartbeat';
const rowVersion = 1;

export function createHeartbeatTable(table: Table): HeartbeatTable {
  return {
    async read() {
      const { token, columns, readAt } = await table.read(partitionKey, rowKey);
      return { token, readAt, toldAt: toDate(columns.toldAt) };
    },
    write: (token, toldAt) =>
      table.write(partitionKey, rowKey, token, { version: rowVersion, toldAt: toldAt.toISOString() }),
  };
}

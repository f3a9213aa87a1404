import type { Columns, Table } from '../../src/storage/table';

/** A table in memory with the same compare-and-set, by the clock given. */
export interface MemoryTable extends Table {
  /** Every row by `partition/row`, as it stands. */
  rows: Map<string, { columns: Columns; token: string }>;
  /** Throws or waits in the place of the table: runs before each call. */
  before: (call: keyof Table, rowKey: string) => void | Promise<void>;
}

export function memoryTable(now: () => Date = () => new Date('2026-11-24T09:00:00Z')): MemoryTable {
  const rows: MemoryTable['rows'] = new Map();
  let writes = 0;
  const put = (key: string, columns: Columns) => {
    const token = `"${String(++writes)}"`;
    rows.set(key, { columns: { ...rows.get(key)?.columns, ...columns }, token });
    return token;
  };
  const table: MemoryTable = {
    rows,
    before: () => undefined,
    async read(partition, row) {
      await table.before('read', row);
      const found = rows.get(`${partition}/${row}`);
      return { token: found?.token, columns: { ...found?.columns }, readAt: now() };
    },
    async write(partition, row, token, columns) {
      await table.before('write', row);
      const key = `${partition}/${row}`;
      return rows.get(key)?.token === token ? put(key, columns) : undefined;
    },
    async overwrite(partition, row, columns) {
      await table.before('overwrite', row);
      put(`${partition}/${row}`, columns);
    },
    async remove(partition, row, token) {
      await table.before('remove', row);
      const key = `${partition}/${row}`;
      if (rows.get(key)?.token === token) rows.delete(key);
    },
    async list(partition) {
      await table.before('list', '');
      const found = [...rows].filter(([key]) => key.startsWith(`${partition}/`));
      return {
        readAt: now(),
        rows: found.map(([key, { columns, token }]) => ({
          ...columns,
          rowKey: key.slice(partition.length + 1),
          token,
        })),
      };
    },
    async *scan(from) {
      await table.before('scan', '');
      yield [...rows]
        .map(([key, { columns, token }]) => {
          const [partitionKey = '', rowKey = ''] = key.split('/');
          return { ...columns, partitionKey, rowKey, token };
        })
        .filter(({ partitionKey }) => partitionKey >= from)
        .sort((one, other) =>
          `${one.partitionKey}/${one.rowKey}` < `${other.partitionKey}/${other.rowKey}` ? -1 : 1,
        );
    },
  };
  return table;
}

import type { TableClient } from '@azure/data-tables';
import { createdWhenMissing, statusOf, storageFailure } from './storage-failure';

/** Strings, numbers and booleans: a table holds nothing else of ours. Dates are ISO 8601 text. */
export type Columns = Record<string, string | number | boolean>;

/** What a read found. `readAt` is Storage's own clock, from the `Date` header of the answer. */
export interface TableReading {
  /** The row's etag: whoever writes with it knows that nobody wrote in between. */
  token: string | undefined;
  columns: Columns;
  readAt: Date;
}

/** One Azure table with compare-and-set. All failures are ServiceFailure; a lost race is an answer, not a failure. */
export interface Table {
  read(partitionKey: string, rowKey: string): Promise<TableReading>;
  /**
   * Merges `columns` into the row that still has `token`, or inserts a row that must not exist yet (`undefined`).
   * @returns the row's new token, or undefined if somebody else wrote first.
   */
  write(
    partitionKey: string,
    rowKey: string,
    token: string | undefined,
    columns: Columns,
  ): Promise<string | undefined>;
  /** Merges `columns` into the row whatever it holds, or makes it. */
  overwrite(partitionKey: string, rowKey: string, columns: Columns): Promise<void>;
  remove(partitionKey: string, rowKey: string, token: string): Promise<void>;
  list(
    partitionKey: string,
  ): Promise<{ rows: (Columns & { rowKey: string; token: string })[]; readAt: Date }>;
  /**
   * All rows in the order of their keys, page by page, so that never more than a thousand are in memory.
   * @param fromPartition where to begin.
   * @param columns what to read of each row.
   */
  scan(fromPartition: string, columns: readonly string[]): AsyncIterable<ScannedRow[]>;
}

export type ScannedRow = Columns & { partitionKey: string; rowKey: string; token: string };

export function createTable(client: TableClient): Table {
  const run = async <T>(doing: string, action: () => Promise<T>): Promise<T> => {
    try {
      return await createdWhenMissing(() => client.createTable(), action);
    } catch (error) {
      throw storageFailure(`${doing} the table ${client.tableName}`, error);
    }
  };
  return {
    read: (partitionKey, rowKey) =>
      run('reading', async () => {
        let date: string | undefined;
        const onResponse = (response: { headers: { get(name: string): string | undefined } }) => {
          date = response.headers.get('date');
        };
        try {
          const entity = await client.getEntity<Columns>(partitionKey, rowKey, { onResponse });
          return { token: entity.etag, columns: entity, readAt: serverTime(date) };
        } catch (error) {
          if (statusOf(error) !== 404 || isMissingTable(error)) throw error;
          return { token: undefined, columns: {}, readAt: serverTime(date) };
        }
      }),
    write: (partitionKey, rowKey, token, columns) =>
      run('writing', async () => {
        const entity = { ...columns, partitionKey, rowKey };
        try {
          const { etag } = token
            ? await client.updateEntity(entity, 'Merge', { etag: token })
            : await client.createEntity(entity);
          return etag;
        } catch (error) {
          const status = statusOf(error);
          // 412: another token; 409: the row exists already; 404: it is gone, though we had read it.
          if (status === 412 || status === 409 || (status === 404 && !isMissingTable(error)))
            return undefined;
          throw error;
        }
      }),
    overwrite: (partitionKey, rowKey, columns) =>
      run('writing', async () => {
        await client.upsertEntity({ ...columns, partitionKey, rowKey }, 'Merge');
      }),
    remove: (partitionKey, rowKey, token) =>
      run('deleting from', async () => {
        try {
          await client.deleteEntity(partitionKey, rowKey, { etag: token });
        } catch (error) {
          const status = statusOf(error);
          if (status !== 412 && status !== 404) throw error;
        }
      }),
    list: (partitionKey) =>
      run('listing', async () => {
        let date: string | undefined;
        const onResponse = (response: { headers: { get(name: string): string | undefined } }) => {
          date ??= response.headers.get('date');
        };
        const rows: (Columns & { rowKey: string; token: string })[] = [];
        const filter = `PartitionKey eq '${partitionKey.replaceAll("'", "''")}'`;
        for await (const entity of client.listEntities<Columns>({ queryOptions: { filter }, onResponse })) {
          rows.push({ ...entity, rowKey: entity.rowKey ?? '', token: entity.etag });
        }
        return { rows, readAt: serverTime(date) };
      }),
    async *scan(fromPartition, columns) {
      const filter = `PartitionKey ge '${fromPartition.replaceAll("'", "''")}'`;
      const select = ['PartitionKey', 'RowKey', 'Timestamp', ...columns];
      const pages = client
        .listEntities<Columns>({ queryOptions: { filter, select } })
        .byPage({ maxPageSize: 1000 });
      for (;;) {
        const page = await run('listing', () => pages.next());
        if (page.done) return;
        yield page.value.map((entity) => ({
          ...entity,
          partitionKey: entity.partitionKey ?? '',
          rowKey: entity.rowKey ?? '',
          token: entity.etag,
        }));
      }
    },
  };
}

function isMissingTable(error: unknown): boolean {
  return (
    error instanceof Error &&
    JSON.stringify(('details' in error && error.details) || '').includes('TableNotFound')
  );
}

/** The worker's own clock may be wrong by minutes, so it decides nothing; it stands in only for an answer without a date. */
function serverTime(date: string | undefined): Date {
  return date ? new Date(date) : new Date();
}

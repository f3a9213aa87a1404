import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { tableNames } from '../storage/names';
import { statusOf, storageFailure } from '../storage/storage-failure';
import type { AdminStorage } from './open-storage';
import type { Output } from './output';
import { wrongUse } from './problem';

/**
 * Writes all rows of all tables into a file, one JSON object a line with its table's name. It holds what the app knew of
 * each person, so only its owner may read it.
 * @returns how many rows. @throws Problem where the file is there already, or can't be written; ServiceFailure
 */
export async function exportTables(
  { clients }: Pick<AdminStorage, 'clients'>,
  output: Output,
  path: string,
): Promise<number> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  try {
    await once(file, 'open');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw wrongUse(`The file ${path} can't be written (${code}): name another with --export.`);
  }
  let rows = 0;
  for (const table of Object.values(tableNames)) {
    try {
      for await (const page of clients.tableClient(table).listEntities().byPage({ maxPageSize: 1000 })) {
        const lines = page.map(({ etag: _, ...row }) => `${JSON.stringify({ table, ...row })}\n`).join('');
        if (!file.write(lines)) await once(file, 'drain');
        rows += page.length;
        output.progress(`${String(rows)} rows exported`);
      }
    } catch (error) {
      // A table that nothing was ever written to.
      if (statusOf(error) !== 404) throw storageFailure(`reading the table ${table}`, error);
    }
  }
  file.end();
  await once(file, 'close');
  return rows;
}

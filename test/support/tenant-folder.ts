import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names the folder with the keys that were made before all tests. */
export const keysVariable = 'PHOTO_SYNC_TEST_KEYS';

/** A new data folder for a local tenant, with the suite's keys where there are any. */
export async function newTenantFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'photo-sync-tenant-'));
  const keys = process.env[keysVariable];
  if (keys !== undefined) await cp(keys, folder, { recursive: true });
  return folder;
}

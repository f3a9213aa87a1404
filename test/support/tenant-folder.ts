import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names the folder of what all tenants of the suite share: `keys`, made before all tests, and `drawings`. */
export const sharedVariable = 'PHOTO_SYNC_TEST_SHARED';

/** A new data folder for a local tenant, with what the suite's tenants share where there is a suite. */
export async function newTenantFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'photo-sync-tenant-'));
  const shared = process.env[sharedVariable];
  if (shared !== undefined) {
    await cp(join(shared, 'keys'), folder, { recursive: true });
    await symlink(join(shared, 'drawings'), join(folder, 'drawings'), 'junction');
  }
  return folder;
}

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCertificates } from '../../src/simulator/certificates';
import { LOCAL_TENANT_ID } from '../../src/simulator/open-tenant';
import { readSettings } from '../../src/simulator/settings';
import { TokenAuthority } from '../../src/simulator/tokens';
import { keysVariable } from './tenant-folder';

/** Before all tests: makes the keys that their tenants begin with, since making them costs each a second. */
export default async function makeKeys(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'photo-sync-keys-'));
  await Promise.all([
    openCertificates(folder, Object.values(readSettings({}).hosts)),
    TokenAuthority.open(folder, LOCAL_TENANT_ID),
  ]);
  process.env[keysVariable] = folder;
}

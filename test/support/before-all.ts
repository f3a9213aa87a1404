import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCertificates } from '../../src/simulator/certificates';
import { projectRoot } from '../../src/simulator/launching/project-root';
import { LOCAL_TENANT_ID } from '../../src/simulator/open-tenant';
import { readSettings } from '../../src/simulator/settings';
import { TokenAuthority } from '../../src/simulator/tokens';
import { startSharedAzurite } from './shared-azurite';
import { sharedVariable } from './tenant-folder';

/** What ends the suite's Azurite: both functions run in one process, which shares nothing else. */
export const azuriteEnd = Symbol.for('photo-sync-for-sharepoint: end of the Azurite of all tests');

/** Before all tests. */
export default async function beforeAllTests(): Promise<void> {
  // Journeys run what is deployed.
  const script = join(projectRoot, 'scripts/package.mjs');
  execFileSync(process.execPath, [script, '--when-stale'], { stdio: 'inherit' });
  const [endAzurite] = await Promise.all([startSharedAzurite(), makeSharedFolder()]);
  Object.assign(globalThis, { [azuriteEnd]: endAzurite });
}

/** The keys that the tenants begin with, since making them costs each a second, and room for what they draw. */
async function makeSharedFolder(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'photo-sync-shared-'));
  const keys = join(folder, 'keys');
  await mkdir(join(folder, 'drawings'));
  await mkdir(keys);
  await Promise.all([
    openCertificates(keys, Object.values(readSettings({}).hosts)),
    TokenAuthority.open(keys, LOCAL_TENANT_ID),
  ]);
  process.env[sharedVariable] = folder;
}

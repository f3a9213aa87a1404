import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  azuriteAccount,
  startAzurite,
  type AzuriteAccount,
  type AzuritePorts,
} from '../../src/simulator/azurite';

/** More than the suite has tenants. */
const accounts = Array.from({ length: 200 }, (_, number) => `journey${String(number)}`);
const variable = 'PHOTO_SYNC_TEST_AZURITE';

interface Shared {
  ports: AzuritePorts;
  /** Has a folder for each account that is taken. */
  folder: string;
}

/**
 * One Azurite for the whole suite, since each takes seconds to start and keeps a core from others while it is there.
 * @returns what ends it.
 */
export async function startSharedAzurite(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'photo-sync-accounts-'));
  const ports = { blob: 0, queue: 0, table: 0 };
  const azurite = await startAzurite({ dataDir: folder, ports, accounts, inMemory: true });
  const shared: Shared = { ports: azurite.ports, folder };
  process.env[variable] = JSON.stringify(shared);
  return async () => {
    await azurite.stop();
    await rm(folder, { recursive: true });
  };
}

/** An account of the suite's Azurite that nobody else has, also in no other test file that runs at the same time. */
export async function takeAccount(): Promise<AzuriteAccount> {
  const { ports, folder } = JSON.parse(process.env[variable] ?? '') as Shared;
  for (const account of accounts) {
    try {
      await mkdir(join(folder, account));
      return azuriteAccount(ports, { account });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new Error('All accounts of the suite are taken.');
}

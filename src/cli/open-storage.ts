import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  type TokenCredential,
} from '@azure/identity';
import type { TableClient } from '@azure/data-tables';
import type { QueueServiceClient } from '@azure/storage-queue';
import { connectionName } from '../storage/names';
import { openClients, openStorage, type Storage } from '../storage/open-storage';
import { notReached, wrongUse } from './problem';

/** The app's state storage, as the admin reaches it. */
export interface AdminStorage extends Storage {
  clients: { queueService: QueueServiceClient; tableClient: (name: string) => TableClient };
  /** What it is called in messages. */
  name: string;
}

const storageScope = 'https://storage.azure.com/.default';
const accountName = /^[a-z0-9]{3,24}$/;

/**
 * @param account the name of the state storage; without it, the environment says where it is, as it does for the app.
 * @throws Problem where that is not told, or nobody is signed in.
 */
export async function openAdminStorage(
  account: string | undefined,
  environment: Record<string, string | undefined>,
): Promise<AdminStorage> {
  const settings = account === undefined ? environment : addressesOf(account);
  const byConnectionString = Boolean(settings[connectionName]);
  const queueServiceUri = settings[`${connectionName}__queueServiceUri`];
  if (!byConnectionString && !queueServiceUri) {
    throw wrongUse(
      `Say where the app's state is: --storage <account name>, which "azd env get-values" shows, or ${connectionName}__queueServiceUri and ${connectionName}__tableServiceUri in the environment.`,
    );
  }
  const credential = byConnectionString ? undefined : await signedIn();
  return {
    ...openStorage(settings, credential),
    clients: openClients(settings, credential),
    name: account ?? (byConnectionString ? 'of the connection string' : new URL(queueServiceUri ?? '').host),
  };
}

function addressesOf(account: string): Record<string, string> {
  if (!accountName.test(account)) {
    throw wrongUse(`"${account}" is no name of a storage account: 3 to 24 small letters and digits.`);
  }
  return {
    [`${connectionName}__queueServiceUri`]: `https://${account}.queue.core.windows.net`,
    [`${connectionName}__tableServiceUri`]: `https://${account}.table.core.windows.net`,
  };
}

/** As the admin who is signed in on this machine, by whatever tool of Azure's. */
async function signedIn(): Promise<TokenCredential> {
  const credential = new ChainedTokenCredential(
    new AzureCliCredential(),
    new AzurePowerShellCredential(),
    new AzureDeveloperCliCredential(),
  );
  try {
    await credential.getToken(storageScope);
  } catch {
    // What the tools say of themselves is long, and may name the person.
    throw notReached(
      'Nobody is signed in to Azure on this machine, or the sign-in has expired: run "az login --tenant <tenant id>" ("Connect-AzAccount" and "azd auth login" do as well), then try again.',
    );
  }
  return credential;
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openCertificates } from './certificates';
import { startChild, type ChildHandle } from './launching/child-process';

/** Ports of the three services; 0 for any free one. */
export interface AzuritePorts {
  blob: number;
  queue: number;
  table: number;
}

export interface AzuriteOptions {
  /** Its files lie in `azurite` under this folder, and are kept. */
  dataDir: string;
  ports: AzuritePorts;
  /** Serves https with a certificate of the local tenant's CA and takes tokens: what Azure takes. */
  oauth?: boolean;
  /** Names of the accounts that it has, in place of its usual one. */
  accounts?: readonly string[];
  /** Nothing is written to disk, and what is stored ends with the process. */
  inMemory?: boolean;
}

/** An account in an Azurite that runs. */
export interface AzuriteAccount {
  ports: AzuritePorts;
  account: string;
  connectionString: string;
  /** Addresses of the account, for an identity-based connection. */
  queueServiceUri: string;
  tableServiceUri: string;
}

/** With its usual account. */
export interface Azurite extends ChildHandle, AzuriteAccount {}

/** The account of every Azurite and its published key: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#well-known-storage-account-and-key */
const usualAccount = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** How to reach an account of an Azurite that runs. */
export function azuriteAccount(
  ports: AzuritePorts,
  { scheme = 'http', account = usualAccount }: { scheme?: 'http' | 'https'; account?: string } = {},
): AzuriteAccount {
  const endpoint = (port: number) => `${scheme}://127.0.0.1:${String(port)}/${account}`;
  return {
    ports,
    account,
    connectionString: [
      `DefaultEndpointsProtocol=${scheme}`,
      `AccountName=${account}`,
      `AccountKey=${accountKey}`,
      `BlobEndpoint=${endpoint(ports.blob)}`,
      `QueueEndpoint=${endpoint(ports.queue)}`,
      `TableEndpoint=${endpoint(ports.table)}`,
    ].join(';'),
    queueServiceUri: endpoint(ports.queue),
    tableServiceUri: endpoint(ports.table),
  };
}

/**
 * Starts Azurite, without telemetry. It writes to disk every few seconds and when it is stopped, not when it is killed.
 * https://learn.microsoft.com/azure/storage/common/storage-install-azurite#custom-storage-accounts-and-keys
 */
export async function startAzurite({
  dataDir,
  ports,
  oauth = false,
  accounts = [],
  inMemory = false,
}: AzuriteOptions): Promise<Azurite> {
  const location = join(dataDir, 'azurite');
  await mkdir(location, { recursive: true });
  const listening = new Map<string, number>();
  const { child, ready } = await startChild<AzuritePorts>({
    name: 'Azurite',
    script: 'node_modules/azurite/dist/src/azurite.js',
    args: [
      ...['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--loose'],
      ...(inMemory ? ['--inMemoryPersistence'] : ['--location', location]),
      ...[
        '--blobPort',
        String(ports.blob),
        '--queuePort',
        String(ports.queue),
        '--tablePort',
        String(ports.table),
      ],
      ...(oauth ? await tlsArguments(dataDir, location) : []),
    ],
    environment: {
      ...process.env,
      ...(accounts.length > 0 && {
        AZURITE_ACCOUNTS: accounts.map((account) => `${account}:${accountKey}`).join(';'),
      }),
    },
    readReady: (line) => {
      const [, service, port] =
        /^Azurite (\w+) service is successfully listening at \S+:(\d+)$/.exec(line) ?? [];
      if (service) listening.set(service, Number(port));
      const [blob, queue, table] = ['Blob', 'Queue', 'Table'].map((name) => listening.get(name));
      return blob && queue && table ? { blob, queue, table } : undefined;
    },
  });
  const scheme = oauth ? 'https' : 'http';
  return { ...child, ...azuriteAccount(ready, { scheme }) };
}

async function tlsArguments(dataDir: string, location: string): Promise<string[]> {
  const { key, certificate } = await openCertificates(dataDir, []);
  const [certificateFile, keyFile] = [join(location, 'cert.pem'), join(location, 'key.pem')];
  await Promise.all([writeFile(certificateFile, certificate), writeFile(keyFile, key, { mode: 0o600 })]);
  return ['--cert', certificateFile, '--key', keyFile, '--oauth', 'basic'];
}

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
}

export interface Azurite extends ChildHandle {
  ports: AzuritePorts;
  connectionString: string;
  /** Addresses of the account, for an identity-based connection. */
  queueServiceUri: string;
  tableServiceUri: string;
}

/** The account of every Azurite and its published key: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite#well-known-storage-account-and-key */
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

export function connectionStringFor(ports: AzuritePorts, scheme: 'http' | 'https' = 'http'): string {
  const endpoint = (port: number) => `${scheme}://127.0.0.1:${String(port)}/${account}`;
  return [
    `DefaultEndpointsProtocol=${scheme}`,
    `AccountName=${account}`,
    `AccountKey=${accountKey}`,
    `BlobEndpoint=${endpoint(ports.blob)}`,
    `QueueEndpoint=${endpoint(ports.queue)}`,
    `TableEndpoint=${endpoint(ports.table)}`,
  ].join(';');
}

/** Starts Azurite on disk, without telemetry. It writes to disk every few seconds and when it is stopped, not when it is killed. */
export async function startAzurite({ dataDir, ports, oauth = false }: AzuriteOptions): Promise<Azurite> {
  const location = join(dataDir, 'azurite');
  await mkdir(location, { recursive: true });
  const listening = new Map<string, number>();
  const { child, ready } = await startChild<AzuritePorts>({
    name: 'Azurite',
    script: 'node_modules/azurite/dist/src/azurite.js',
    args: [
      ...['--silent', '--disableTelemetry', '--skipApiVersionCheck', '--loose'],
      ...['--location', location],
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
    environment: process.env,
    readReady: (line) => {
      const [, service, port] =
        /^Azurite (\w+) service is successfully listening at \S+:(\d+)$/.exec(line) ?? [];
      if (service) listening.set(service, Number(port));
      const [blob, queue, table] = ['Blob', 'Queue', 'Table'].map((name) => listening.get(name));
      return blob && queue && table ? { blob, queue, table } : undefined;
    },
  });
  const scheme = oauth ? 'https' : 'http';
  return {
    ...child,
    ports: ready,
    connectionString: connectionStringFor(ready, scheme),
    queueServiceUri: `${scheme}://127.0.0.1:${String(ready.queue)}/${account}`,
    tableServiceUri: `${scheme}://127.0.0.1:${String(ready.table)}/${account}`,
  };
}

async function tlsArguments(dataDir: string, location: string): Promise<string[]> {
  const { key, certificate } = await openCertificates(dataDir, []);
  const [certificateFile, keyFile] = [join(location, 'cert.pem'), join(location, 'key.pem')];
  await Promise.all([writeFile(certificateFile, certificate), writeFile(keyFile, key, { mode: 0o600 })]);
  return ['--cert', certificateFile, '--key', keyFile, '--oauth', 'basic'];
}

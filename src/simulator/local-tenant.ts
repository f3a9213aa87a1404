import { resolve } from 'node:path';
import { azuriteAccount, startAzurite, type Azurite, type AzuriteAccount } from './azurite';
import type { HostLogLine } from './function-host/host-log';
import { addressSettings, readSampleSettings } from './launching/app-settings';
import type { ChildHandle } from './launching/child-process';
import { findFreePort } from './launching/free-port';
import { bypassProxies } from './launching/bypass-proxies';
import { startHostProcess, type HostHandle } from './launching/host-process';
import { startSimulatorProcess, type SimulatorReady } from './launching/simulator-process';
import { anyPorts, readTenantPorts } from './launching/tenant-ports';

export type { Azurite, ChildHandle, HostHandle, HostLogLine };

export interface LocalTenantOptions {
  /** Everything the tenant keeps lies here. */
  dataDir: string;
  /** `default`: those of the environment, or the usual ones. `free`: any. */
  ports?: 'default' | 'free';
  /** SIM_PEOPLE. */
  people?: number;
  /** SIM_LIMITS. */
  limits?: string;
  /** Further settings of the simulator. */
  simulatorEnv?: Record<string, string>;
  /** Folder of the app; what is deployed if not given. */
  appFolder?: string;
  /** App settings that differ from local.settings.sample.json. */
  settings?: Record<string, string>;
  /** Environment of the function host that is no app setting. */
  hostEnv?: Record<string, string>;
  /** Default true. */
  startHost?: boolean;
  /** The app reaches Storage by these ports: those of a proxy in between. */
  storagePorts?: { queue: number; table: number };
  /** An account that exists already, in place of an Azurite of the tenant's own. */
  storage?: AzuriteAccount;
  /** The app reaches its own Azurite by https and with tokens, as it does Azure, without a connection string. */
  azuriteOAuth?: boolean;
  onLog?: (line: HostLogLine) => void;
  /** What the simulator or a host says on standard error: something is wrong with it then. */
  onErrorLine?: (line: string) => void;
  /** Default true. Whoever runs for days takes the lines by `onLog` and keeps none. */
  keepLogs?: boolean;
}

export interface HostExtras {
  settings?: Record<string, string>;
  hostEnv?: Record<string, string>;
}

export interface LocalTenant extends SimulatorReady {
  /** Where the first host answers, and where Graph's notifications go. */
  functionsUrl: string;
  /** Azurite itself, without a proxy. With `azuriteOAuth` it needs the CA of `caFile`. */
  storage: AzuriteAccount;
  /** The tenant's own Azurite, if it has one. */
  azurite: Azurite | undefined;
  simulator: ChildHandle;
  /** The host that answers, or last answered, at `functionsUrl`. */
  host: HostHandle | undefined;
  /** Takes the place of a host at `functionsUrl` that has ended; while that one lives, starts another with a port of its own. */
  startHost(extras?: HostExtras): Promise<HostHandle>;
  /** Starts the tenant's own Azurite again after it has ended, with its ports and files. */
  restartAzurite(): Promise<void>;
  /** Stops all processes, the hosts first, so that no work is cut off. */
  stop(): Promise<void>;
}

/** Starts the simulator, Azurite and the function host. @throws Error after stopping what had been started. */
export async function startLocalTenant(options: LocalTenantOptions): Promise<LocalTenant> {
  bypassProxies(process.env);
  const children = new Set<ChildHandle>();
  const stop = async () => {
    for (const child of [...children].reverse()) {
      children.delete(child);
      await child.stop();
    }
  };
  try {
    return await startParts(options, children, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startParts(
  options: LocalTenantOptions,
  children: Set<ChildHandle>,
  stop: () => Promise<void>,
): Promise<LocalTenant> {
  const dataDir = resolve(options.dataDir);
  const ports = options.ports === 'free' ? anyPorts() : readTenantPorts(process.env);
  // The app's settings hold its own address, so that port has to be known before the host starts.
  const functionsPort = ports.FUNCTIONS_PORT || (await findFreePort());
  const functionsUrl = `http://127.0.0.1:${String(functionsPort)}`;

  const openSimulator = async () => {
    const { child, ready } = await startSimulatorProcess(
      {
        ...process.env,
        ...Object.fromEntries(Object.entries(ports).map(([setting, port]) => [setting, String(port)])),
        FUNCTIONS_PORT: String(functionsPort),
        SIM_DATA_DIR: dataDir,
        ...(options.people !== undefined && { SIM_PEOPLE: String(options.people) }),
        ...(options.limits !== undefined && { SIM_LIMITS: options.limits }),
        ...options.simulatorEnv,
      },
      options.onErrorLine,
    );
    children.add(child);
    return { simulator: child, ready };
  };
  const oauth = options.azuriteOAuth ?? false;
  const openAzurite = async (wanted: Azurite['ports']) => {
    const azurite = await startAzurite({ dataDir, ports: wanted, oauth });
    children.add(azurite);
    return azurite;
  };
  const azuritePorts = {
    blob: ports.AZURITE_BLOB_PORT,
    queue: ports.AZURITE_QUEUE_PORT,
    table: ports.AZURITE_TABLE_PORT,
  };
  const simulating = openSimulator();
  const openOwnAzurite = async () => {
    if (options.storage) return undefined;
    // For https the simulator goes first: it makes the CA that signs Azurite's certificate.
    if (oauth) await simulating;
    return openAzurite(azuritePorts);
  };
  const storing = openOwnAzurite();
  // If one fails, the other has to be there before it can be stopped.
  await Promise.allSettled([simulating, storing]);
  const [{ simulator, ready }, azurite] = await Promise.all([simulating, storing]);
  const storage = options.storage ?? azurite;
  if (!storage) throw new Error('The tenant has no storage.');

  const sample = await readSampleSettings();
  const { connectionString } = azuriteAccount({ ...storage.ports, ...options.storagePorts }, storage);
  const environment = {
    ...process.env,
    ...sample,
    ...addressSettings({ ...ready, functionsUrl }),
    ...(oauth
      ? {
          ...identityBasedConnection('AzureWebJobsStorage', storage),
          ...identityBasedConnection('PhotoSyncStorage', storage),
        }
      : { AzureWebJobsStorage: connectionString, PhotoSyncStorage: connectionString }),
    ...options.settings,
    ...options.hostEnv,
  };

  const tenant: LocalTenant = {
    ...ready,
    functionsUrl,
    storage,
    azurite,
    simulator,
    host: undefined,
    startHost: async ({ settings, hostEnv }: HostExtras = {}) => {
      const replaces = tenant.host === undefined || tenant.host.hasEnded();
      const host = await startHostProcess({
        port: replaces ? functionsPort : 0,
        folder: options.appFolder,
        environment: { ...environment, ...settings, ...hostEnv },
        onLog: options.onLog,
        onErrorLine: options.onErrorLine,
        keepLogs: options.keepLogs,
      });
      children.add(host);
      if (replaces) tenant.host = host;
      return host;
    },
    restartAzurite: async () => {
      tenant.azurite = await openAzurite(storage.ports);
    },
    stop,
  };
  if (options.startHost !== false) await tenant.startHost();
  return tenant;
}

/** Settings in place of a connection string. */
function identityBasedConnection(
  name: string,
  { queueServiceUri, tableServiceUri }: AzuriteAccount,
): Record<string, string> {
  return {
    [name]: '',
    [`${name}__queueServiceUri`]: queueServiceUri,
    [`${name}__tableServiceUri`]: tableServiceUri,
    [`${name}__credential`]: 'managedidentity',
  };
}

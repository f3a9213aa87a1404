import { rm } from 'node:fs/promises';
import type { HostLogLine } from '../../src/simulator/local-tenant';
import { startLocalTenant, type LocalTenant } from '../../src/simulator/local-tenant';
import { openAppStorage, type AppStorage } from '../support/app-storage';
import { createControlApi, type ControlApi } from '../support/control-api';
import { newTenantFolder } from '../support/tenant-folder';
import { startStorageProxy, type StorageProxy } from '../support/storage-proxy';

/** By the simulator's clock, which the run moves now and then. */
export const confirmSeconds = 5;
const filesAfterSeconds = 2;
/** How long a worker may still act on what it last read: its claim, the request at work, and a stalled process. */
export const graceMs = 20_000;

/** Waits of minutes take a second here, and nothing that is meant to stop a storm stops this one. */
const settings = {
  SYNC_MODE: 'apply',
  SCOPE: 'everyone',
  BACKFILL: 'all',
  COALESCE_SECONDS: '1',
  SECOND_LOOK_SECONDS: '2,5',
  LIFECYCLE_INTERVAL: '1s',
  MISSING_USER_SECONDS: '5',
  RETRY_SECONDS: '1,1,2',
  REQUEST_TIMEOUT_SECONDS: '1.5',
  CLAIM_SECONDS: '8',
  REMOVAL_CONFIRM_AFTER: `${String(confirmSeconds)}s`,
  REMOVED_FILES_AFTER: `${String(filesAfterSeconds)}s`,
  CHECK_AFTER: '2h',
  CHECK_PERCENT: '5',
  BREAKER_REMOVAL_PERCENT: '100',
  BREAKER_REMOVALS: '1000000',
  BREAKER_SAME_PICTURE: '1000000',
  MAX_WRITES_PER_DAY: '10000000',
  CHECKED_FIRST_WRITES: '0',
  PEOPLE_MANAGER_LIMIT: '10000000',
  RESOURCE_UNIT_LIMIT: '10000000',
  // Started by hand.
  SUBSCRIPTION_SCHEDULE: '0 0 0 1 1 *',
  SWEEP_SCHEDULE: '0 0 0 1 1 *',
  SCOPE_SCHEDULE: '0 0 0 1 1 *',
};

export interface ChaosTenant {
  tenant: LocalTenant;
  control: ControlApi;
  storage: AppStorage;
  /** Between the function hosts and Azurite. */
  proxy: StorageProxy;
  /** Starts a timer function by hand, and forgives a host that is down. @returns whether it was taken. */
  runTimer(name: string): Promise<boolean>;
  stop(): Promise<void>;
}

/** A whole local tenant whose hosts reach Storage through a proxy. */
export async function startChaosTenant(
  users: number,
  onLog: (line: HostLogLine) => void,
): Promise<ChaosTenant> {
  const dataDir = await newTenantFolder();
  const proxy = await startStorageProxy();
  const clean = async () => {
    await proxy.close();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  let tenant: LocalTenant;
  try {
    tenant = await startLocalTenant({
      dataDir,
      ports: 'free',
      people: users,
      limits: 'off',
      simulatorEnv: { SIM_DRAW_AHEAD: 'off' },
      settings,
      hostEnv: { LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '3' },
      storagePorts: proxy.ports,
      startHost: false,
      keepLogs: false,
      onLog,
    });
  } catch (error) {
    await clean();
    throw error;
  }
  proxy.forwardTo(tenant.storage.ports);
  return {
    tenant,
    control: createControlApi(tenant.pageUrl),
    storage: openAppStorage(tenant.storage.connectionString),
    proxy,
    async runTimer(name) {
      const request = fetch(`${tenant.functionsUrl}/admin/functions/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"input":""}',
        signal: AbortSignal.timeout(5000),
      });
      const response = await request.catch(() => undefined);
      return response?.status === 202;
    },
    async stop() {
      proxy.clear();
      await tenant.stop();
      await clean();
    },
  };
}

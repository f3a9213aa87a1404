import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { subscribe } from '../dist/simulator/launching/subscribe.js';
import { startLocalTenant } from '../dist/simulator/local-tenant.js';
import { queueNames, tableNames } from '../dist/storage/names.js';
import { createControl } from './control.mjs';
import { stopAtEnd } from './stop-all.mjs';

/** The setting that switches a function off: https://learn.microsoft.com/azure/azure-functions/disable-function */
const disabledSetting = 'AzureWebJobs.apply-photo.Disabled';
export const applyDisabled = { [disabledSetting]: 'true' };
export const applyRunning = { [disabledSetting]: 'false' };

/**
 * What protects a tenant in the first days, looks that come minutes later, and a pace that SharePoint sets: none of it is
 * what the parts measure that ask how much, and how fast, the app itself works.
 */
export const unprotected = {
  CHECKED_FIRST_WRITES: '0',
  SECOND_LOOK_SECONDS: 'off',
  MAX_WRITES_PER_DAY: '1000000',
  SHAREPOINT_LICENCES: '100000',
};

/**
 * A local tenant on free ports and in a folder of its own, with the app subscribed. It is stopped and its folder removed
 * at the end of the part.
 * @param {Omit<import('../dist/simulator/local-tenant.js').LocalTenantOptions, 'dataDir'>} options
 */
export async function startBenchTenant(options) {
  const dataDir = await mkdtemp(join(tmpdir(), 'photo-sync-bench-'));
  const starting = startLocalTenant({ ...options, dataDir, ports: 'free', keepLogs: false });
  stopAtEnd(async () => {
    const started = await starting.catch(() => undefined);
    await started?.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  });
  const tenant = await starting;
  await subscribe(tenant);

  const people = TableClient.fromConnectionString(tenant.storage.connectionString, tableNames.people, {
    allowInsecureConnection: true,
  });
  const queue = QueueServiceClient.fromConnectionString(tenant.storage.connectionString).getQueueClient(
    queueNames.photoChanged,
  );
  await Promise.all([people.createTable(), queue.createIfNotExists()]);
  return {
    tenant,
    control: createControl(tenant.pageUrl),
    queue,
    /** Messages in the queue: visible, delayed or at work. */
    waiting: async () => (await queue.getProperties()).approximateMessagesCount ?? 0,
    /** Puts people on record as if the app had written their present photo. */
    async rememberAsApplied(persons) {
      for (const { id, source } of persons) {
        const { etag } = source;
        const row = { seenEtag: etag, appliedEtag: etag, settledEtag: etag, dirty: false };
        await people.upsertEntity({ partitionKey: id.slice(0, 2), rowKey: id, ...row });
      }
    },
    /** Ends the host and starts another in its place, with these settings. */
    async restartHost(settings) {
      await tenant.host?.stop();
      return tenant.startHost({ settings });
    },
  };
}

import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { queueNames, tableNames } from '../../storage/names';
import { openStorage } from '../../storage/open-storage';
import type { LocalTenant } from '../local-tenant';
import { waitUntil } from './wait-until';

const withinMs = 120_000;

/**
 * Stands in for the first sweep: has the app look at everybody it does not know yet, so that it knows the photo they
 * have now and writes only what changes from here on.
 * @param onProgress how many the app knows, of how many.
 * @returns how many it does not know yet; it goes on with them by itself.
 */
export async function recordBaseline(
  tenant: LocalTenant,
  onProgress: (known: number, people: number) => void,
): Promise<number> {
  const people = await listPeople(tenant.pageUrl);
  const unknown = new Set(people);
  const forgetKnown = async () => {
    for (const id of await listKnown(tenant.storageConnectionString)) unknown.delete(id);
    onProgress(people.length - unknown.size, people.length);
  };
  await forgetKnown();
  if (unknown.size === 0) return 0;

  const { queue } = openStorage({ PhotoSyncStorage: tenant.storageConnectionString });
  for (const personId of unknown) {
    await queue.send(queueNames.photoChangedBacklog, {
      personId,
      cause: 'sweep',
      force: false,
      attempt: 0,
      correlationId: 'first-sweep',
    });
  }
  const backlog = QueueServiceClient.fromConnectionString(tenant.storageConnectionString).getQueueClient(
    queueNames.photoChangedBacklog,
  );
  await waitUntil(async () => {
    await forgetKnown();
    return unknown.size === 0 || ((await backlog.getProperties()).approximateMessagesCount ?? 0) === 0;
  }, withinMs);
  await forgetKnown();
  return unknown.size;
}

async function listPeople(pageUrl: string): Promise<string[]> {
  const page = 500;
  const ids: string[] = [];
  for (;;) {
    const response = await fetch(`${pageUrl}/_sim/users?top=${String(page)}&skip=${String(ids.length)}`);
    const people = (await response.json()) as { id: string }[];
    ids.push(...people.map(({ id }) => id));
    if (people.length < page) return ids;
  }
}

/** The keys of the people's rows; those of other rows in that table are no person's id. */
async function listKnown(connectionString: string): Promise<string[]> {
  const table = TableClient.fromConnectionString(connectionString, tableNames.people, {
    allowInsecureConnection: true,
  });
  const keys: string[] = [];
  try {
    for await (const row of table.listEntities({ queryOptions: { select: ['RowKey'] } }))
      keys.push(row.rowKey ?? '');
  } catch (error) {
    // Before its first look the app has made no table.
    if (!(error instanceof Error && 'statusCode' in error && error.statusCode === 404)) throw error;
  }
  return keys;
}

import type { TableClient } from '@azure/data-tables';
import type { QueueServiceClient } from '@azure/storage-queue';
import { decodeIds } from '../storage/member-ids';
import { poisonQueueOf, queueNames, tableNames } from '../storage/names';
import { statusOf } from '../storage/storage-failure';
import { withoutPerson } from './without-person';

export interface Clients {
  queueService: QueueServiceClient;
  tableClient: (name: string) => TableClient;
}

type Entity = Record<string, unknown> & { partitionKey: string; rowKey: string; etag: string };
type Found = { table: string; row: Record<string, unknown> }[];

/** All that the app's storage holds on one person. */
export interface PersonData {
  personId: string;
  /** The person's own rows, whole. */
  rows: Found;
  /** Rows about everybody that name this person among others, cut down to that. */
  entries: Found;
  /** Groups that the person is in, as copied from Entra. */
  groups: string[];
  /** Messages about the person among the first 32 visible ones of each queue: Storage shows no more. */
  messages: { queue: string; message: unknown }[];
}

const mostPeeked = 32;

/** @param personId an object id in lower case. @throws the Storage SDK's errors */
export async function findPersonData(clients: Clients, personId: string): Promise<PersonData> {
  const [own, control, records, members, messages] = await Promise.all([
    rowsOf(clients, personId),
    entriesIn(clients, tableNames.control, personId),
    entriesIn(clients, tableNames.records, personId),
    list(clients.tableClient(tableNames.scope)),
    peek(clients.queueService, personId),
  ]);
  return {
    personId,
    rows: own.map(({ etag: _, ...row }) => ({ table: tableNames.people, row })),
    entries: [...control, ...records],
    groups: members.flatMap(({ partitionKey, ids }) =>
      typeof ids === 'string' && decodeIds(ids).includes(personId) ? [partitionKey.split(':')[0] ?? ''] : [],
    ),
    messages,
  };
}

async function entriesIn(clients: Clients, table: string, personId: string): Promise<Found> {
  const rows = await list(clients.tableClient(table));
  return rows.flatMap(({ etag: _, ...row }) => {
    const { found } = withoutPerson(row, personId);
    const { partitionKey, rowKey } = row;
    return found.length === 0 ? [] : [{ table, row: { partitionKey, rowKey, names: found } }];
  });
}

/** Erases the rows and the entries. @returns how many of each. @throws the Storage SDK's errors */
export async function erasePersonData(
  clients: Clients,
  personId: string,
): Promise<{ rows: number; entries: number }> {
  const people = clients.tableClient(tableNames.people);
  const own = await rowsOf(clients, personId);
  for (const { partitionKey, rowKey } of own) await people.deleteEntity(partitionKey, rowKey);
  let entries = 0;
  for (const name of [tableNames.control, tableNames.records]) {
    const table = clients.tableClient(name);
    for (const { partitionKey, rowKey } of await list(table)) {
      if (await eraseEntry(table, { partitionKey, rowKey }, personId)) entries++;
    }
  }
  return { rows: own.length, entries };
}

/** The app may write the row meanwhile; then it is read again. */
async function eraseEntry(
  table: TableClient,
  { partitionKey, rowKey }: Pick<Entity, 'partitionKey' | 'rowKey'>,
  personId: string,
): Promise<boolean> {
  for (;;) {
    const { etag, ...row } = await table.getEntity(partitionKey, rowKey);
    const { found, changes } = withoutPerson(row, personId);
    if (found.length === 0) return false;
    try {
      await table.updateEntity({ partitionKey, rowKey, ...changes }, 'Merge', { etag });
      return true;
    } catch (error) {
      if (statusOf(error) !== 412) throw error;
    }
  }
}

async function rowsOf(clients: Clients, personId: string): Promise<Entity[]> {
  const partition = personId.slice(0, 2);
  // The person's row has the id as its key, others of the same person have more behind it.
  const filter = `PartitionKey eq '${partition}' and RowKey ge '${personId}' and RowKey lt '${personId}~'`;
  return list(clients.tableClient(tableNames.people), filter);
}

async function list(table: TableClient, filter?: string): Promise<Entity[]> {
  const rows: Entity[] = [];
  try {
    const entities = table.listEntities({ ...(filter !== undefined && { queryOptions: { filter } }) });
    for await (const { etag, partitionKey = '', rowKey = '', ...columns } of entities)
      rows.push({ ...columns, partitionKey, rowKey, etag });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return rows;
}

async function peek(service: QueueServiceClient, personId: string): Promise<PersonData['messages']> {
  const queues = Object.values(queueNames).flatMap((queue) => [queue, poisonQueueOf(queue)]);
  const each = queues.map(async (queue) => {
    try {
      const { peekedMessageItems } = await service
        .getQueueClient(queue)
        .peekMessages({ numberOfMessages: mostPeeked });
      return peekedMessageItems
        .map(({ messageText }) => Buffer.from(messageText, 'base64').toString('utf8'))
        .filter((text) => text.includes(personId))
        .map((message) => ({ queue, message }));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      return [];
    }
  });
  return (await Promise.all(each)).flat();
}

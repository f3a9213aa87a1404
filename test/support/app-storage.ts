import { TableClient } from '@azure/data-tables';
import { QueueServiceClient } from '@azure/storage-queue';
import { encodePhotoEvent, type PhotoEvent } from '../../src/photos/photo-event';
import { poisonQueueOf, queueNames, tableNames, type PhotoQueueName } from '../../src/storage/names';
import { eventually } from './eventually';

type Columns = Record<string, unknown>;

export type AppStorage = ReturnType<typeof openAppStorage>;

/** The app's queues and tables as a test sees them, past the app's own code. */
export function openAppStorage(connectionString: string) {
  const queues = QueueServiceClient.fromConnectionString(connectionString);
  const table = (name: string) =>
    TableClient.fromConnectionString(connectionString, name, { allowInsecureConnection: true });

  async function entity(name: string, partitionKey: string, rowKey: string): Promise<Columns | undefined> {
    try {
      return await table(name).getEntity<Columns>(partitionKey, rowKey);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async function waiting(queue: string): Promise<number> {
    try {
      return (await queues.getQueueClient(queue).getProperties()).approximateMessagesCount ?? 0;
    } catch (error) {
      if (isMissing(error)) return 0;
      throw error;
    }
  }

  /** The app makes the table when it first needs it, which may be later. */
  async function setPaused(columns: { paused: boolean; reason?: string }): Promise<void> {
    const control = table(tableNames.control);
    await control.createTable();
    await control.upsertEntity({ partitionKey: 'control', rowKey: 'paused', ...columns });
  }

  return {
    queues,
    table,
    /** The person's row; undefined for a person the app has never seen. */
    person: (id: string) => entity(tableNames.people, id.slice(0, 2), id),
    /** What the app keeps beside it about its looks. */
    look: (id: string) => entity(tableNames.people, id.slice(0, 2), `${id}:look`),
    /** Where the latest sweep stands. */
    sweep: () => entity(tableNames.sweeps, 'sweep', 'current'),
    async subscriptionRows(): Promise<Columns[]> {
      const rows: Columns[] = [];
      for await (const row of table(tableNames.subscriptions).listEntities<Columns>()) rows.push(row);
      return rows;
    },

    /** How many messages a queue holds: visible, delayed or at work. */
    waiting,
    /** Resolves when nothing is waiting or at work in the app's queues any more. */
    async drained(timeoutMs?: number): Promise<void> {
      const isEmpty = async () => {
        for (const queue of Object.values(queueNames)) if ((await waiting(queue)) > 0) return false;
        return true;
      };
      await eventually('the queues are empty', isEmpty, timeoutMs);
    },
    async poisoned(): Promise<number> {
      const counts = await Promise.all(
        Object.values(queueNames).map((queue) => waiting(poisonQueueOf(queue))),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    /** @returns the message's id. */
    async send(
      event: Partial<PhotoEvent> & { personId: string },
      queue: PhotoQueueName = queueNames.photoChanged,
    ): Promise<string> {
      const client = queues.getQueueClient(queue);
      await client.createIfNotExists();
      const whole = {
        cause: 'notification',
        force: false,
        attempt: 0,
        correlationId: 'test',
        ...event,
      } as const;
      const { messageId } = await client.sendMessage(
        Buffer.from(encodePhotoEvent(whole)).toString('base64'),
        { messageTimeToLive: -1 },
      );
      return messageId;
    },

    /** What an admin does to stop all writing. */
    async pause(reason: string): Promise<void> {
      await setPaused({ paused: true, reason });
    },
    async resume(): Promise<void> {
      await setPaused({ paused: false });
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}

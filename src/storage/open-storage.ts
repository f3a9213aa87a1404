import { TableClient } from '@azure/data-tables';
import type { TokenCredential } from '@azure/identity';
import { QueueServiceClient } from '@azure/storage-queue';
import { storageConnection } from './connection';
import { createBreakerTable, type BreakerTable } from './breaker-table';
import { createBudgetTable, type BudgetTable } from './budget-table';
import { createControlTable, type ControlTable } from './control-table';
import { createEventNotes, type EventNotes } from './event-notes';
import { createEventQueue, type EventQueue } from './event-queue';
import { createHeartbeatTable, type HeartbeatTable } from './heartbeat-table';
import { createMembershipTable, type MembershipTable } from './membership-table';
import { tableNames } from './names';
import { createRecordTable, type RecordTable } from './record-table';
import { createRemovalTable, type RemovalTable } from './removal-table';
import { createPersonTable, type PersonTable } from './person-table';
import { createSubscriptionTable, type SubscriptionTable } from './subscription-table';
import { createSweepTable, type SweepTable } from './sweep-table';
import { createTable, type Table } from './table';

export interface Storage {
  queue: EventQueue;
  people: PersonTable;
  subscriptions: SubscriptionTable;
  control: ControlTable;
  removals: RemovalTable;
  records: RecordTable;
  sweeps: SweepTable;
  memberships: MembershipTable;
  eventNotes: EventNotes;
  heartbeat: HeartbeatTable;
  budget: BudgetTable;
  breaker: BreakerTable;
}

/** Bounded, since Graph waits 3 s for an answer; what fails longer is retried by Graph or by the queue. */
const queueOptions = {
  retryOptions: { maxTries: 3, tryTimeoutInMs: 2000, retryDelayInMs: 100, maxRetryDelayInMs: 500 },
};
const tableOptions = { retryOptions: { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 500 } };

/**
 * The app's tables and queues as Storage has them, for whoever has to see all that they hold.
 * @param credential who asks, where that is not the app's managed identity.
 * @throws InvalidSettings
 */
export function openClients(
  environment: Record<string, string | undefined>,
  credential?: TokenCredential,
): {
  queueService: QueueServiceClient;
  tableClient: (name: string) => TableClient;
} {
  const connection = storageConnection(environment, credential);
  const isLocal = 'connectionString' in connection;
  const queueService = isLocal
    ? QueueServiceClient.fromConnectionString(connection.connectionString, queueOptions)
    : new QueueServiceClient(connection.queueServiceUri, connection.credential, queueOptions);
  return {
    queueService,
    tableClient: (name) =>
      isLocal
        ? TableClient.fromConnectionString(connection.connectionString, name, {
            ...tableOptions,
            allowInsecureConnection: true,
          })
        : new TableClient(connection.tableServiceUri, name, connection.credential, tableOptions),
  };
}

/** As `openClients`. @throws InvalidSettings */
export function openStorage(
  environment: Record<string, string | undefined>,
  credential?: TokenCredential,
): Storage {
  const { queueService, tableClient } = openClients(environment, credential);
  const table = (name: string): Table => createTable(tableClient(name));
  const control = table(tableNames.control);
  return {
    queue: createEventQueue(queueService),
    people: createPersonTable(table(tableNames.people)),
    subscriptions: createSubscriptionTable(table(tableNames.subscriptions)),
    removals: createRemovalTable(control),
    records: createRecordTable(table(tableNames.records)),
    sweeps: createSweepTable(table(tableNames.sweeps)),
    memberships: createMembershipTable(table(tableNames.scope)),
    eventNotes: createEventNotes(control),
    heartbeat: createHeartbeatTable(control),
    control: createControlTable(control),
    budget: createBudgetTable(control),
    breaker: createBreakerTable(control),
  };
}

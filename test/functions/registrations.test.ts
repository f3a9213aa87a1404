import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAppRegistry, createCoreModule } from '../../src/simulator/function-host/core-module';
import { connectionName, poisonQueueOf, queueNames } from '../../src/storage/names';

const mockRegistry = createAppRegistry();
jest.mock('@azure/functions-core', () => createCoreModule(mockRegistry, () => undefined), { virtual: true });

const folder = join(__dirname, '../../src/functions');
const saved = { ...process.env };

beforeAll(async () => {
  process.env.SUBSCRIPTION_SCHEDULE = 'not a schedule';
  for (const file of readdirSync(folder)) await import(join(folder, file));
});
afterAll(() => {
  process.env = saved;
});

const triggerOf = (name: string) => {
  const bindings = Object.values(mockRegistry.functions.get(name)?.metadata.bindings ?? {});
  return bindings.find(({ direction }) => direction === 'in');
};

it('The app registers these functions and no others', () => {
  expect([...mockRegistry.functions.keys()].sort()).toEqual([
    'apply-backlog',
    'apply-photo',
    'handle-lifecycle',
    'handle-request',
    'keep-subscription',
    'receive-lifecycle',
    'receive-notifications',
    'refresh-scope',
    'report-poison',
    'report-poison-backlog',
    'report-poison-request',
    'report-poison-subscription',
    'report-poison-sweep',
    'sweep',
    'sweep-page',
  ]);
});

it.each([
  { name: 'apply-photo', queue: queueNames.photoChanged },
  { name: 'apply-backlog', queue: queueNames.photoChangedBacklog },
  { name: 'handle-request', queue: queueNames.adminRequest },
  { name: 'report-poison-request', queue: poisonQueueOf(queueNames.adminRequest) },
  { name: 'handle-lifecycle', queue: queueNames.subscriptionEvent },
  { name: 'report-poison-subscription', queue: poisonQueueOf(queueNames.subscriptionEvent) },
  { name: 'report-poison', queue: poisonQueueOf(queueNames.photoChanged) },
  { name: 'report-poison-backlog', queue: poisonQueueOf(queueNames.photoChangedBacklog) },
  { name: 'sweep-page', queue: queueNames.sweepPage },
  { name: 'report-poison-sweep', queue: poisonQueueOf(queueNames.sweepPage) },
])('$name listens to the queue $queue of the app’s own storage', ({ name, queue }) => {
  expect(triggerOf(name)).toMatchObject({
    type: 'queueTrigger',
    queueName: queue,
    connection: connectionName,
  });
});

it('Every queue that events are sent to has a listener, and so has its poison queue', () => {
  const listened = [...mockRegistry.functions.keys()].map((name) => triggerOf(name)?.queueName);
  for (const queue of Object.values(queueNames)) {
    expect(listened).toContain(queue);
    expect(listened).toContain(poisonQueueOf(queue));
  }
});

it.each([
  { name: 'receive-notifications', route: 'notifications' },
  { name: 'receive-lifecycle', route: 'lifecycle' },
])('$name takes every method, so that a wrong one gets an answer, and asks for no key', ({ name, route }) => {
  const trigger = triggerOf(name);
  expect(trigger).toMatchObject({ type: 'httpTrigger', route, authLevel: 'anonymous' });
  expect((trigger?.methods as string[]).map((method) => method.toUpperCase()).sort()).toEqual([
    'DELETE',
    'GET',
    'HEAD',
    'OPTIONS',
    'PATCH',
    'POST',
    'PUT',
  ]);
});

it('keep-subscription is registered even where its schedule can’t be read', () => {
  expect(triggerOf('keep-subscription')).toMatchObject({ type: 'timerTrigger', schedule: '0 */15 * * * *' });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { startAzurite, type Azurite } from '../../../src/simulator/azurite';
import type { HostHandle } from '../../../src/simulator/launching/host-process';
import { eventually, saidBy, startFixtureHost } from './fixture-host';

// A host is a process of its own, and takes a second or more to start on a busy machine.
jest.setTimeout(30_000);

let dataDir: string;
let azurite: Azurite;
let service: QueueServiceClient;
let host: HostHandle;
let prefix: string;
let counter = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'function-host-'));
  azurite = await startAzurite({ dataDir, ports: { blob: 0, queue: 0, table: 0 } });
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
});
afterAll(async () => {
  await azurite.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Each test has queues of its own. */
beforeEach(() => {
  counter += 1;
  prefix = `test-${String(counter)}`;
});
afterEach(() => host.stop());

const open = (name: string): QueueClient => service.getQueueClient(`${prefix}-${name}`);

async function start(settings: Record<string, string> = {}): Promise<HostHandle> {
  host = await startFixtureHost('everything', {
    FixtureStorage: azurite.connectionString,
    QUEUE_PREFIX: prefix,
    ...settings,
  });
  return host;
}

async function send(name: string, ...messages: unknown[]): Promise<void> {
  const queue = open(name);
  await queue.createIfNotExists();
  for (const message of messages) {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    await queue.sendMessage(Buffer.from(text).toString('base64'), { messageTimeToLive: -1 });
  }
}

const received = () => saidBy(host, 'on-message').filter((line) => 'received' in line);
const finished = () => saidBy(host, 'on-message').filter((line) => 'finished' in line);
const isEmpty = async (queue: QueueClient) => (await queue.getProperties()).approximateMessagesCount === 0;

async function poisoned(name: string) {
  const queue = open(`${name}-poison`);
  const { peekedMessageItems } = await queue.peekMessages().catch(() => ({ peekedMessageItems: [] }));
  return peekedMessageItems[0];
}

it.each([
  { when: 'an object', message: { hello: 'you' }, type: 'object' },
  { when: 'a number', message: '123', type: 'number', received: 123 },
  { when: 'text', message: 'hello', type: 'string' },
])(
  'hands over $when as the worker does, and deletes it',
  async ({ message, type, received: value = message }) => {
    await send('in', message);
    await start();
    const line = await eventually(() => received()[0]);
    expect(line).toMatchObject({ received: value, type });
    await eventually(() => isEmpty(open('in')));
  },
);

it('gives the metadata in camel case, shadowed by what the message holds', async () => {
  await send('in', { ID: 'forged', version: 1, dequeueCount: 99, photo: { Size: 1 } });
  await start();
  const { metadata } = await eventually(() => received()[0]);
  expect(metadata).toEqual({
    queueTrigger: { iD: 'forged', version: 1, dequeueCount: 99, photo: { size: 1 } },
    id: 'forged',
    dequeueCount: 99,
    version: 1,
    photo: { size: 1 },
    insertionTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/),
    expirationTime: '9999-12-31T23:59:59+00:00',
    nextVisibleTime: expect.any(String),
    popReceipt: expect.any(String),
  });
});

it('tries a failing message again after the time of host.json, then moves it to the poison queue', async () => {
  await send('in', { fail: true });
  await start();
  const message = await eventually(() => poisoned('in'));
  expect(Buffer.from(message.messageText, 'base64').toString()).toBe('{"fail":true}');
  expect(message.expiresOn.getTime() - message.insertedOn.getTime()).toBe(7 * 24 * 3_600_000);
  const [first, second] = host.logs.filter((line) => line.message.includes('"received"'));
  expect(Date.parse(second!.time) - Date.parse(first!.time)).toBeGreaterThan(900);
  expect(received().map((line) => (line['metadata'] as { dequeueCount: number }).dequeueCount)).toEqual([
    1, 2,
  ]);
  await eventually(() => isEmpty(open('in')));
});

it('moves what is not base64 to the poison queue as it is, without running the function', async () => {
  await open('in').create();
  await open('in').sendMessage('{"not":"base64"}');
  await start();
  const message = await eventually(() => poisoned('in'));
  expect(message.messageText).toBe('{"not":"base64"}');
  expect(received()).toEqual([]);
});

it('moves a message that was received too often to the poison queue without running it', async () => {
  await send('in', { innocent: true });
  for (let count = 0; count < 2; count += 1) {
    const [message] = (await open('in').receiveMessages()).receivedMessageItems;
    await open('in').updateMessage(message!.messageId, message!.popReceipt, undefined, 0);
  }
  await start();
  await eventually(() => poisoned('in'));
  expect(received()).toEqual([]);
});

it('leaves a message of a poison queue invisible when its function fails', async () => {
  await send('watched-poison', { bad: true });
  await start();
  await eventually(() => host.logs.some((line) => line.message.includes('a poison handler that fails')));
  await send('in', {});
  await eventually(() => finished().length > 0);
  expect(await isEmpty(open('watched-poison'))).toBe(false);
  expect((await open('watched-poison').peekMessages()).peekedMessageItems).toEqual([]);
  expect(await open('watched-poison-poison').exists()).toBe(false);
});

it('works on one batch a listener, and the listeners do not wait for each other', async () => {
  await send('in', ...Array.from({ length: 5 }, (_, index) => ({ index, holdMs: 500 })));
  await send('other', { quick: true });
  await start();
  await eventually(() => finished().length === 5);
  const order = host.logs.flatMap(
    ({ message }) => /received|finished|other/.exec(message.slice(0, 12)) ?? [],
  );
  expect(order.indexOf('other')).toBeLessThan(order.indexOf('finished'));
  const beforeFirstEnd = order.slice(0, order.indexOf('finished'));
  expect(beforeFirstEnd.filter((word) => word === 'received')).toHaveLength(4);
});

it('keeps a message that takes longer than its invisibility', async () => {
  await send('in', { holdMs: 1800 });
  await start({ LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' });
  await eventually(() => isEmpty(open('in')));
  expect(received()).toHaveLength(1);
});

it('receives a message again whose host was killed', async () => {
  await send('in', { die: true });
  const first = await start({ LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' });
  expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' });
  await start({ LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' });
  await eventually(() => finished().length > 0);
  expect(received()[0]?.['metadata']).toMatchObject({ dequeueCount: 2 });
});

it('leaves the messages of a disabled function alone', async () => {
  await send('in', { waiting: true });
  await send('other', { quick: true });
  await start({ 'AzureWebJobs.on-message.Disabled': 'true' });
  await eventually(() => saidBy(host, 'on-other').length > 0);
  expect((await open('in').peekMessages()).peekedMessageItems[0]?.dequeueCount).toBe(0);
});

it('waits quietly for a queue that is not there yet', async () => {
  await start();
  await send('other', { quick: true });
  await eventually(() => saidBy(host, 'on-other').length > 0);
  expect(host.logs.filter((line) => line.level === 'warning')).toEqual([]);
  await send('in', { late: true });
  await eventually(() => finished().length > 0);
});

it('goes on when storage comes back', async () => {
  await start();
  await azurite.stop();
  await eventually(() => host.logs.some((line) => line.message.includes("can't be read")));
  azurite = await startAzurite({ dataDir, ports: azurite.ports });
  await send('in', { after: 'the outage' });
  await eventually(() => finished().length > 0);
});

it('runs a queue function by hand', async () => {
  await start();
  const response = await fetch(`${host.url}/admin/functions/on-message`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ input: '{"by":"hand"}' }),
  });
  expect(response.status).toBe(202);
  const line = await eventually(() => received()[0]);
  expect(line).toMatchObject({ received: { by: 'hand' } });
});

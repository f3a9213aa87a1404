import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { startAzurite, type Azurite } from '../../../src/simulator/azurite';
import type { HostHandle } from '../../../src/simulator/launching/host-process';
import { eventually } from '../../support/eventually';
import { saidBy, startFixtureHost } from './fixture-host';

// A host is a process of its own, and takes a second or more to start on a busy machine.
jest.setTimeout(30_000);

let dataDir: string;
let azurite: Azurite;
let service: QueueServiceClient;
let host: HostHandle;
/** How much the host had logged before the test. */
let logged = 0;
/** Each host has queues of its own. */
let hosts = 0;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'function-host-'));
  azurite = await startAzurite({ dataDir, ports: { blob: 0, queue: 0, table: 0 } });
  service = QueueServiceClient.fromConnectionString(azurite.connectionString);
});
afterAll(async () => {
  await azurite.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const open = (name: string): QueueClient => service.getQueueClient(`host-${String(hosts)}-${name}`);

async function start(settings: Record<string, string> = {}): Promise<void> {
  host = await startFixtureHost('everything', {
    FixtureStorage: azurite.connectionString,
    QUEUE_PREFIX: `host-${String(hosts)}`,
    ...settings,
  });
  logged = 0;
}

async function send(name: string, ...messages: unknown[]): Promise<void> {
  const queue = open(name);
  await queue.createIfNotExists();
  for (const message of messages) {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    await queue.sendMessage(Buffer.from(text).toString('base64'), { messageTimeToLive: -1 });
  }
}

const said = (functionName: string, key: string) =>
  saidBy(host, functionName, logged).filter((line) => key in line);
const received = () => eventually('the function runs', () => said('on-message', 'received')[0]);
const finished = (count = 1) =>
  eventually('the function has run', () => said('on-message', 'finished').length >= count);
const emptied = (name: string) =>
  eventually(`nothing is left in ${name}`, async () => {
    return (await open(name).getProperties()).approximateMessagesCount === 0;
  });

const poisoned = (name: string) =>
  eventually(`a message is in ${name}-poison`, async () => {
    const { peekedMessageItems } = await open(`${name}-poison`).peekMessages();
    return peekedMessageItems[0];
  });

describe('a host that goes on running', () => {
  beforeAll(async () => {
    hosts += 1;
    await start();
  });
  afterAll(() => host.stop());
  beforeEach(() => {
    logged = host.logs.length;
  });

  it.each([
    { when: 'an object', message: { hello: 'you' }, type: 'object', then: { hello: 'you' } },
    { when: 'a number', message: '123', type: 'number', then: 123 },
    { when: 'text', message: 'hello', type: 'string', then: 'hello' },
  ])('hands over $when as the worker does, and deletes it', async ({ message, type, then }) => {
    await send('in', message);
    expect(await received()).toMatchObject({ received: then, type });
    await emptied('in');
  });

  it('gives the metadata in camel case, shadowed by what the message holds', async () => {
    await send('in', { ID: 'forged', version: 1, dequeueCount: 99, photo: { Size: 1 } });
    expect((await received())['metadata']).toEqual({
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
    const message = await poisoned('in');
    expect(Buffer.from(message.messageText, 'base64').toString()).toBe('{"fail":true}');
    expect(message.expiresOn.getTime() - message.insertedOn.getTime()).toBe(7 * 24 * 3_600_000);
    const runs = host.logs.slice(logged).filter((line) => line.message.includes('"received"'));
    const [first, second] = runs.map((line) => Date.parse(line.time));
    expect(runs).toHaveLength(2);
    expect(second! - first!).toBeGreaterThan(900);
    await emptied('in');
    await open('in-poison').clearMessages();
  });

  it('moves what is not base64 to the poison queue as it is, without running the function', async () => {
    await open('in').sendMessage('{"not":"base64"}');
    expect((await poisoned('in')).messageText).toBe('{"not":"base64"}');
    expect(said('on-message', 'received')).toEqual([]);
    await open('in-poison').clearMessages();
  });

  it('leaves a message of a poison queue invisible when its function fails', async () => {
    await send('watched-poison', { bad: true });
    await eventually('its function fails', () =>
      host.logs.some((line) => line.message.includes('a poison handler that fails')),
    );
    // By the time another listener has polled, run and deleted, this one would have released its message, too.
    await send('in', {});
    await finished();
    const queue = open('watched-poison');
    expect((await queue.getProperties()).approximateMessagesCount).toBe(1);
    expect((await queue.peekMessages()).peekedMessageItems).toEqual([]);
    expect(await open('watched-poison-poison').exists()).toBe(false);
  });

  it('works on one batch a listener, and the listeners do not wait for each other', async () => {
    await send('other', 'a first message, so that the queue is there');
    await eventually('it has run', () => said('on-other', 'other').length > 0);
    logged = host.logs.length;
    await send('in', ...Array.from({ length: 5 }, (_, index) => ({ index, holdMs: 500 })));
    await received();
    await send('other', { quick: true });
    await finished(5);
    const words = /^\{"(received|finished|other)"/;
    const order = host.logs.slice(logged).flatMap(({ message }) => words.exec(message)?.[1] ?? []);
    expect(order.indexOf('other')).toBeLessThan(order.indexOf('finished'));
    let running = 0;
    const mostAtOnce = order.map((word) => {
      if (word === 'received') running += 1;
      if (word === 'finished') running -= 1;
      return running;
    });
    expect(Math.max(...mostAtOnce)).toBeLessThanOrEqual(4);
  });

  it('runs a queue function by hand', async () => {
    const response = await fetch(`${host.url}/admin/functions/on-message`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: '{"by":"hand"}' }),
    });
    expect(response.status).toBe(202);
    expect(await received()).toMatchObject({ received: { by: 'hand' } });
  });
});

describe('a host of its own', () => {
  beforeEach(() => {
    hosts += 1;
  });
  afterEach(() => host.stop());

  it('moves a message that was received too often to the poison queue without running it', async () => {
    await send('in', { innocent: true });
    for (let count = 0; count < 2; count += 1) {
      const [message] = (await open('in').receiveMessages()).receivedMessageItems;
      await open('in').updateMessage(message!.messageId, message!.popReceipt, undefined, 0);
    }
    await start();
    await poisoned('in');
    expect(said('on-message', 'received')).toEqual([]);
  });

  it('keeps a message that takes longer than its invisibility', async () => {
    await send('in', { holdMs: 1800 });
    await start({ LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' });
    await emptied('in');
    expect(said('on-message', 'received')).toHaveLength(1);
  });

  it('receives a message again whose host was killed', async () => {
    await send('in', { die: true });
    await start({ LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' });
    expect(await host.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await start({ LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' });
    expect((await received())['metadata']).toMatchObject({ dequeueCount: 2 });
    await finished();
  });

  it('leaves the messages of a disabled function alone', async () => {
    await send('in', { waiting: true });
    await send('other', { quick: true });
    await start({ 'AzureWebJobs.on-message.Disabled': 'true' });
    await eventually('the other function has run', () => said('on-other', 'other').length > 0);
    expect((await open('in').peekMessages()).peekedMessageItems[0]?.dequeueCount).toBe(0);
  });

  it('waits quietly for a queue that is not there yet', async () => {
    await start();
    await send('other', { quick: true });
    await eventually('the other function has run', () => said('on-other', 'other').length > 0);
    expect(host.logs.filter((line) => line.level === 'warning')).toEqual([]);
    await send('in', { late: true });
    await finished();
  });

  it('goes on when storage comes back', async () => {
    await start();
    await azurite.stop();
    await eventually('the host has noticed', () =>
      host.logs.some((line) => line.message.includes("can't be read")),
    );
    azurite = await startAzurite({ dataDir, ports: azurite.ports });
    await send('in', { after: 'the outage' });
    await finished();
  });
});

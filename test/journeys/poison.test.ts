import { join } from 'node:path';
import { poisonQueueOf, queueNames } from '../../src/storage/names';
import { applying } from '../support/applying-requests';
import { expectAlert } from '../support/expect-alert';
import { eventually, startMs, type SimPerson } from '../support/journey';
import { startProxiedJourney, type ProxiedJourney } from '../support/proxied-journey';

jest.setTimeout(startMs);

const poisonQueue = poisonQueueOf(queueNames.photoChanged);

let journey: ProxiedJourney;
beforeAll(async () => {
  journey = await startProxiedJourney({
    people: 30,
    hostEnv: { LOCAL_HOST_RETRY_VISIBILITY_SECONDS: '0', LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' },
  });
});
afterAll(() => journey.stop());
afterEach(async () => {
  journey.proxy.clear();
  await journey.control.clearFaults();
});

/** An answer that the app knows no reason for: neither "not now" nor anything about the person. */
async function refuseProfileOf(person: SimPerson): Promise<void> {
  const match = applying['reading the profile'].match({ person, messageId: '' });
  await journey.control.addFault({ service: 'admin', match, status: 400 });
}

async function profileReads(person: SimPerson): Promise<number> {
  const match = new RegExp(applying['reading the profile'].match({ person, messageId: '' }));
  return (await journey.control.requests()).filter(({ method, path }) => match.test(`${method} ${path}`))
    .length;
}

async function takePoisonedOne(): Promise<SimPerson> {
  const person = await journey.take();
  await refuseProfileOf(person);
  await journey.control.putPhoto(person.id, { drawing: 'poisoned' });
  return person;
}

const poisonedLines = (id: string) => journey.log.all('photo-poisoned', { personId: id });

async function isOnRecordAsPoisoned({ id }: SimPerson): Promise<void> {
  await journey.log.next('photo-poisoned', { personId: id, level: 'error', queue: poisonQueue });
  expect(await journey.storage.person(id)).toMatchObject({
    dirty: true,
    failure: expect.stringContaining('Five tries failed'),
    failureAt: expect.stringMatching(/^20\d\d-/),
  });
}

/** Any later event will do: this one is about a job title. */
async function isMendedByNextEvent({ id }: SimPerson): Promise<void> {
  await journey.control.clearFaults();
  await journey.control.patchUser(id, { jobTitle: 'Optician' });
  await journey.inSync(id);
  await eventually('the row is clean', async () => {
    expect(await journey.storage.person(id)).toMatchObject({ dirty: false, failure: '', failureAt: '' });
    return true;
  });
  await journey.storage.drained();
}

it('matrix 16: what fails five times is on record and logged once, and the next event mends it', async () => {
  const person = await takePoisonedOne();
  await isOnRecordAsPoisoned(person);
  expect(await profileReads(person)).toBe(5);
  await eventually('the message is gone', async () => (await journey.storage.poisoned()) === 0);
  expect(poisonedLines(person.id)).toHaveLength(1);
  await isMendedByNextEvent(person);
});

it('matrix 16: poison that cannot be put on record goes back to its queue', async () => {
  const { proxy, storage, log } = journey;
  const recording = proxy.rule(
    { answer: 503 },
    { match: /PhotoSyncPeople/, body: (text) => text.includes('"failure":"Five') },
  );
  const person = await takePoisonedOne();
  await log.next('poison-not-recorded', { personId: person.id, level: 'warning' });
  expect(recording.hits()).toBeGreaterThan(1);
  await eventually('the message is back', async () => (await storage.poisoned()) === 1);
  expect(poisonedLines(person.id)).toEqual([]);
  await storage.queues.getQueueClient(poisonQueue).clearMessages();
  await isMendedByNextEvent(person);
});

it('matrix 18: moved to poison but not deleted, it is poisoned twice, and that does no harm', async () => {
  const { proxy, storage } = journey;
  const person = await journey.take();
  const moving = proxy.rule(
    { answer: 503 },
    { match: new RegExp(`^DELETE \\S*/${queueNames.photoChanged}/messages`), times: 3 },
  );
  await refuseProfileOf(person);
  await journey.control.putPhoto(person.id, { drawing: 'poisoned twice' });
  await isOnRecordAsPoisoned(person);
  await eventually('it is poisoned again', () => poisonedLines(person.id).length === 2);
  expect(moving.hits()).toBe(3);
  expect(await profileReads(person)).toBe(5);
  await isOnRecordAsPoisoned(person);
  await storage.drained();
  await isMendedByNextEvent(person);
});

const valid = {
  personId: '00000000-0000-4000-8000-000000000000',
  cause: 'notification',
  force: false,
  attempt: 0,
  correlationId: 'test',
};

it.each([
  { message: 'no JSON', body: 'secret-word' },
  { message: 'an array', body: '["secret-word"]' },
  { message: 'an empty object', body: '{}' },
  { message: 'another version', body: JSON.stringify({ version: 0, photoChanged: valid }) },
  {
    message: 'no object id',
    body: JSON.stringify({ version: 1, photoChanged: { ...valid, personId: '../secret-word' } }),
  },
  {
    message: 'an unknown field',
    body: JSON.stringify({ version: 1, photoChanged: { ...valid, url: 'https://secret-word' } }),
  },
  {
    message: "the trigger's own names beside the payload",
    body: JSON.stringify({ version: 1, photoChanged: valid, dequeueCount: 1 }),
  },
])('a message that is not ours ends as poison without a look: $message', async ({ body }) => {
  const { storage, log, control } = journey;
  const [since, requests] = [log.mark(), await control.lastRequest()];
  await storage.queues
    .getQueueClient(queueNames.photoChanged)
    .sendMessage(Buffer.from(body).toString('base64'));
  const line = await log.next('photo-poisoned', { level: 'error', queue: poisonQueue }, since);
  expectAlert('poison', 'photo-poisoned', line);
  expect(line).not.toHaveProperty('personId');
  expect(line.reason).toContain('not a photo-changed event of this version');
  expect(await storage.person(valid.personId)).toBeUndefined();
  expect(await control.requests(requests)).toEqual([]);
  expect(JSON.stringify(log.everything)).not.toContain('secret-word');
});

it('so it does in the other queues', async () => {
  const { storage, log } = journey;
  const since = log.mark();
  for (const queue of [queueNames.sweepPage, queueNames.subscriptionEvent, queueNames.adminRequest]) {
    const client = storage.queues.getQueueClient(queue);
    await client.createIfNotExists();
    await client.sendMessage(Buffer.from('{}').toString('base64'));
  }
  const [page, event, request] = await Promise.all([
    log.next('sweep-page-poisoned', { level: 'error' }, since),
    log.next('subscription-event-poisoned', { level: 'error' }, since),
    log.next('request-poisoned', { level: 'error' }, since),
  ]);
  expectAlert('poison', 'sweep-page-poisoned', page);
  expectAlert('poison', 'subscription-event-poisoned', event);
  expectAlert('poison', 'request-poisoned', request);
});

it('a message that is not even base64 stays in the poison queue', async () => {
  const { storage, log } = journey;
  await storage.queues.getQueueClient(queueNames.photoChanged).sendMessage('*not base64*');
  await eventually('the poison queue was tried', () =>
    log.everything.some(
      ({ function: name, message }) => name === 'report-poison' && message.includes('not base64'),
    ),
  );
  expect(await storage.poisoned()).toBe(1);
  await storage.queues.getQueueClient(poisonQueue).clearMessages();
});

it('matrix 17: a message that ends the process each time is poisoned without being run again', async () => {
  const { tenant, log, proxy } = journey;
  const person = await journey.take();
  await tenant.host?.kill();
  await journey.control.putPhoto(person.id, { drawing: 'deadly', notify: false });
  await journey.storage.send({ personId: person.id });
  const hostEnv = {
    NODE_OPTIONS: `--require ${join(__dirname, '../fixtures/end-process.cjs')}`,
    END_PROCESS_AT: person.id,
  };
  for (let death = 1; death <= 5; death++) {
    const host = await tenant.startHost({ hostEnv });
    expect(await host.ended).toMatchObject({ signal: 'SIGKILL' });
  }
  const seen = proxy.seen.length;
  const last = await tenant.startHost({ hostEnv });
  await isOnRecordAsPoisoned(person);
  expect(last.hasEnded()).toBe(false);
  expect(last.logs.some(({ message }) => message.includes('reached MaxDequeueCount of 5'))).toBe(true);
  expect(log.all('photo-poisoned', { personId: person.id })).toHaveLength(1);
  expect(proxy.seen.slice(seen).filter((line) => line.includes(`RowKey='${person.id}%3Alook'`))).toEqual([]);

  await last.stop();
  await tenant.startHost();
  await isMendedByNextEvent(person);
});

import { queueNames, tableNames } from '../../src/storage/names';
import { applying, carriesEvent } from '../support/applying-requests';
import { eventually, startMs, type SimPerson } from '../support/journey';
import { startProxiedJourney, type ProxiedJourney } from '../support/proxied-journey';
import type { StorageFault, StorageRule } from '../support/storage-proxy';

jest.setTimeout(startMs);

/** Graph counts an answer that takes longer as none. */
const graphWaitsMs = 3000;
/** The simulated Graph tries again after 5 seconds of its own clock. */
const untilRetrySeconds = 6;
/** So often the Storage clients try by themselves. */
const ownTries = 3;

const sending = new RegExp(`^POST \\S*/${queueNames.photoChanged}/messages`);

let journey: ProxiedJourney;
beforeAll(async () => {
  journey = await startProxiedJourney({ people: 40, ownAzurite: true });
});
afterAll(() => journey.stop());
afterEach(() => journey.proxy.clear());

/** People whose photo has changed, of which Graph says nothing yet. */
async function takeChanged(count: number): Promise<SimPerson[]> {
  const people: SimPerson[] = [];
  for (let taken = 0; taken < count; taken++) {
    const person = await journey.take();
    await journey.control.putPhoto(person.id, { drawing: `of ${person.id}`, notify: false });
    people.push(person);
  }
  return people;
}

/** One that has served nothing yet. */
async function startFreshHost(): Promise<void> {
  await journey.tenant.host?.stop();
  await journey.tenant.startHost();
}

/** Has Graph notify of them in one POST, and waits for the first answer. */
async function notify(people: SimPerson[]): Promise<{ status: number; durationMs: number }> {
  const { control } = journey;
  const since = (await control.notifications()).at(-1)?.n ?? 0;
  await control.notify(people.map(({ id }) => id));
  const [first] = await eventually('the notification is answered', async () => {
    const attempts = await control.notifications(since);
    return attempts.length > 0 && attempts;
  });
  return first!;
}

/** Graph's next try, which has to be the last. */
async function letRetry(): Promise<void> {
  const { control } = journey;
  // A host that takes long to start may have met the second one, while Storage was still down.
  const last = (await control.notifications()).at(-1)!;
  await control.advanceClock(untilRetrySeconds);
  await eventually('Graph has tried again', async () => (await control.notifications(last.n)).length > 0);
  expect(await control.notifications(last.n)).toMatchObject([{ status: 202, attempt: last.attempt + 1 }]);
}

async function areInSync(people: SimPerson[]): Promise<void> {
  const { control, storage } = journey;
  for (const { id } of people) await journey.inSync(id);
  await storage.drained();
  for (const { id } of people) {
    const appliedEtag = (await control.user(id)).source?.etag;
    expect(await storage.person(id)).toMatchObject({ dirty: false, appliedEtag });
  }
  expect(await storage.poisoned()).toBe(0);
}

async function writesOf({ id }: SimPerson): Promise<number> {
  const requests = await journey.requestsSince(0, 'mysite');
  return requests.filter(({ path }) => path.includes(`m365-${id}_M`)).length;
}

describe('receiving', () => {
  it.each([
    // First of all: the app has served nothing yet, and so knows of no subscription.
    { slow: 'the table of subscriptions', match: /^GET \S*\/PhotoSyncSubscriptions/ },
    { slow: 'the queue', match: sending },
  ])('matrix 4: $slow does not answer, and the app says so in time', async ({ match }) => {
    const people = await takeChanged(1);
    const held = journey.proxy.rule({ hold: 'before' }, { match });
    const answer = await notify(people);
    expect(answer.status).toBe(503);
    expect(answer.durationMs).toBeLessThan(graphWaitsMs);
    held.release();
    await letRetry();
    await areInSync(people);
  });

  it.each([
    { when: 'the app is warm', fresh: false },
    { when: 'the app has just started', fresh: true },
  ])('matrix 1: Storage is down while $when', async ({ fresh }) => {
    const { tenant } = journey;
    const people = await takeChanged(2);
    await tenant.azurite?.stop();
    if (fresh) await startFreshHost();
    const answer = await notify(people);
    expect(answer.status).toBe(503);
    expect(answer.durationMs).toBeLessThan(graphWaitsMs);

    await tenant.restartAzurite();
    await letRetry();
    await areInSync(people);
  });

  it('matrix 2: the third of five events cannot be queued', async () => {
    const people = await takeChanged(5);
    const third = journey.proxy.rule({ answer: 503 }, { match: sending, body: carriesEvent(people[2]!.id) });
    expect(await notify(people)).toMatchObject({ status: 503 });
    expect(third.hits()).toBe(ownTries);
    third.release();
    await letRetry();
    await areInSync(people);
    for (const person of people) expect(await writesOf(person)).toBe(1);
  });

  it('matrix 3: the event is queued, but the answer of the queue is lost', async () => {
    const { proxy } = journey;
    const people = await takeChanged(1);
    // The app must not send copies of its own meanwhile.
    const receiving = proxy.rule({ hold: 'before' }, applying['receiving the message'].storage());
    await receiving.reached();
    const lost = proxy.rule({ reset: 'after' }, { match: sending, times: ownTries });
    expect(await notify(people)).toMatchObject({ status: 503 });
    expect(lost.hits()).toBe(ownTries);
    await letRetry();
    expect(await journey.storage.waiting(queueNames.photoChanged)).toBe(ownTries + 1);
    receiving.release();
    await areInSync(people);
    expect(await writesOf(people[0]!)).toBe(1);
  });

  it('matrix 5: the first answer takes too long, as in a cold start', async () => {
    const people = await takeChanged(1);
    const { pid } = journey.tenant.host!;
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await notify(people)).toMatchObject({ status: 0 });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await letRetry();
    await areInSync(people);
    expect(await writesOf(people[0]!)).toBe(1);
  });

  it('matrix 19: what is queued never expires', async () => {
    const { proxy, storage } = journey;
    const people = await takeChanged(1);
    const receiving = proxy.rule({ hold: 'before' }, applying['receiving the message'].storage());
    await receiving.reached();
    await notify(people);
    const { peekedMessageItems } = await storage.queues
      .getQueueClient(queueNames.photoChanged)
      .peekMessages();
    expect(peekedMessageItems.map(({ expiresOn }) => expiresOn.getUTCFullYear())).toEqual([9999]);
    receiving.release();
    await areInSync(people);
    const sends = proxy.seen.filter((line) => sending.test(line));
    expect(sends.filter((line) => !line.includes('messagettl=-1'))).toEqual([]);
  });
});

describe('matrix 30: in the middle of applying', () => {
  const cases: {
    what: string;
    at: 'reading the row' | 'claiming' | 'closing';
    does: StorageFault;
    times: number;
    skip?: number;
    put: 'back' | 'right at once';
  }[] = [
    {
      what: 'the row cannot be read',
      ...{ at: 'reading the row', does: { answer: 503 }, times: ownTries, put: 'back' },
    },
    {
      what: 'somebody else was first to claim',
      ...{ at: 'claiming', does: { answer: 412 }, times: 1, put: 'right at once' },
    },
    {
      what: 'the claim cannot be made',
      ...{ at: 'claiming', does: { answer: 503 }, times: ownTries, put: 'back' },
    },
    {
      what: 'the claim is made, but its answer is lost',
      ...{ at: 'claiming', does: { reset: 'after' }, times: 1, put: 'right at once' },
    },
    {
      what: 'the claim cannot be checked',
      ...{ at: 'reading the row', does: { answer: 503 }, skip: 3, times: ownTries, put: 'back' },
    },
    {
      what: 'somebody else wrote before the end',
      ...{ at: 'closing', does: { answer: 412 }, times: 1, put: 'right at once' },
    },
    {
      what: 'the end cannot be recorded',
      ...{ at: 'closing', does: { answer: 503 }, times: ownTries, put: 'back' },
    },
    {
      what: 'the end is recorded, but its answer is lost',
      ...{ at: 'closing', does: { reset: 'after' }, times: 1, put: 'right at once' },
    },
  ];

  const met = new Map<string, { person: SimPerson; rule: StorageRule }>();
  beforeAll(async () => {
    const people = await takeChanged(cases.length);
    for (const [index, { what, at, does, ...options }] of cases.entries()) {
      const person = people[index]!;
      const requests = applying[at].storage({ person, messageId: '' });
      met.set(what, { person, rule: journey.proxy.rule(does, { ...requests, ...options }) });
    }
    await notify(people);
    await areInSync(people);
  });

  it.each(cases)('$what', async ({ what, times, put }) => {
    const { person, rule } = met.get(what)!;
    await areInSync([person]);
    expect(rule.hits()).toBe(times);
    const putBack = journey.log.all('photo-retry', { personId: person.id, service: 'storage' });
    expect(putBack).toHaveLength(put === 'back' ? 1 : 0);
  });

  it('the row is gone', async () => {
    const { proxy, storage } = journey;
    const [person] = await takeChanged(1);
    const readings = applying['reading the row'].storage({ person: person!, messageId: '' });
    const checking = proxy.rule({ hold: 'before' }, { ...readings, skip: 4 });
    await notify([person!]);
    await checking.reached();
    await storage.table(tableNames.people).deleteEntity(person!.id.slice(0, 2), person!.id);
    checking.release();
    await areInSync([person!]);
  });
});

import type { HostHandle } from '../../src/simulator/local-tenant';
import { applying } from '../support/applying-requests';
import { eventually, startMs, type SimPerson } from '../support/journey';
import { startProxiedJourney, type ProxiedJourney } from '../support/proxied-journey';

jest.setTimeout(startMs);

const claimSeconds = 2;

let journey: ProxiedJourney;
let one: HostHandle;
let other: HostHandle;
beforeAll(async () => {
  journey = await startProxiedJourney({
    people: 40,
    settings: { CLAIM_SECONDS: String(claimSeconds) },
    hostEnv: { LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' },
  });
  one = journey.tenant.host!;
  other = await journey.tenant.startHost();
});
afterAll(async () => {
  for (const host of [one, other]) goOn(host);
  await journey.stop();
});
afterEach(async () => {
  journey.proxy.clear();
  await journey.control.clearFaults();
});

const pause = ({ pid }: HostHandle) => process.kill(pid, 'SIGSTOP');
const goOn = ({ pid }: HostHandle) => process.kill(pid, 'SIGCONT');

const hasDecided = ({ logs }: HostHandle, id: string) =>
  logs.some(({ message }) => message.includes('"photo-decided"') && message.includes(id));

async function isApplied(person: SimPerson): Promise<void> {
  const { control, storage } = journey;
  await eventually('the newest photo is on record', async () => {
    const appliedEtag = (await control.user(person.id)).source?.etag;
    expect(await storage.person(person.id)).toMatchObject({ dirty: false, appliedEtag });
    return true;
  });
}

const uploadsOf = async (person: SimPerson, since: number) =>
  (await journey.requestsSince(since, 'mysite')).filter(({ path }) => path.includes(`m365-${person.id}`));

it('matrix 14: two instances on the same queues, changes in quick succession, doubled and out of order', async () => {
  const { control, storage } = journey;
  await control.addFault({ duplicate: true, reorder: true });
  const people = await Promise.all(Array.from({ length: 8 }, () => journey.take()));
  for (const change of ['first', 'second', 'third', 'newest']) {
    await Promise.all(people.map(({ id }) => control.putPhoto(id, { drawing: `${change} ${id}` })));
  }
  for (const person of people) await journey.inSync(person.id);
  await storage.drained();
  for (const person of people) {
    await journey.inSync(person.id);
    await isApplied(person);
  }
  expect(people.some(({ id }) => hasDecided(one, id))).toBe(true);
  expect(people.some(({ id }) => hasDecided(other, id))).toBe(true);
  expect(await storage.poisoned()).toBe(0);
});

it('matrix 15: a worker paused right before it writes, past its claim and its message, writes nothing old', async () => {
  const { control, storage, proxy } = journey;
  const person = await journey.take();
  pause(other);
  const readings = applying['reading the row'].storage({ person, messageId: '' });
  // Twice before the claim, then before each request to SharePoint: profile, folder, and now S.
  const check = proxy.rule({ hold: 'after' }, { ...readings, skip: 4, times: 1 });
  await control.putPhoto(person.id, { drawing: 'old' });
  await check.reached();
  pause(one);
  const pausedAt = performance.now();
  // Its claim was good when Storage answered, and that is what it reads when it wakes.
  check.release();

  await control.putPhoto(person.id, { drawing: 'new', notify: false });
  goOn(other);
  await isApplied(person);
  await eventually('the claim is too old', () => performance.now() - pausedAt > claimSeconds * 1000);
  const since = await control.lastRequest();
  goOn(one);
  await eventually('the paused worker has come to an end', () => hasDecided(one, person.id));

  expect(await uploadsOf(person, since)).toHaveLength(3);
  await journey.inSync(person.id);
  await storage.drained();
  await isApplied(person);
});

it('matrix 15: an old write that lands after the new one is put right by the worker that sent it', async () => {
  const { control, storage } = journey;
  const person = await journey.take();
  pause(other);
  const { service, match } = applying['writing S'];
  await control.addFault({ service, match: match({ person, messageId: '' }), delayMs: 6000, times: 1 });
  await control.putPhoto(person.id, { drawing: 'old' });
  await eventually('the old write is on its way', async () => (await control.faults())[0]?.hits === 1);
  pause(one);

  await control.putPhoto(person.id, { drawing: 'new', notify: false });
  goOn(other);
  await isApplied(person);
  await journey.inSync(person.id);
  await eventually('the old write lands', async () => !(await control.user(person.id)).inSync);
  goOn(one);
  await eventually('the paused worker has come to an end', () => hasDecided(one, person.id));

  await journey.inSync(person.id);
  await storage.drained();
  await isApplied(person);
});

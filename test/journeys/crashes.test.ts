import { queueNames, tableNames } from '../../src/storage/names';
import { applying, isHostsOwn, type ApplyingRequest, type QueuedEvent } from '../support/applying-requests';
import { startMs } from '../support/journey';
import { startProxiedJourney, type ProxiedJourney } from '../support/proxied-journey';
import { stopAt, type StopWhen } from '../support/stop-at';

/*
 * The function host is killed (SIGKILL) at every request that applying a photo makes: while the request hangs before
 * it is done, and when it is done but its answer is not there. Then another host takes up what the queue gives back.
 *
 * Rows of the fault matrix: 11 before anything is written, 12 while it is written, 13 when it is on record.
 */
interface Step {
  matrix: 11 | 12 | 13;
  when: StopWhen;
  request: keyof typeof applying;
  /** Not the first such request of the event, but the one after its claim. */
  again?: true;
  from?: 'backlog';
  given?: Given;
  /** What the next host decides, by its code. `either`: a copy of the event is there as well, and both come. */
  then: 'forced' | 'unfinished' | 'nothing to do' | 'either';
}

type Given = 'looked at a moment ago' | 'refused by SharePoint';
const lookedAt = 'looked at a moment ago';
const refused = 'refused by SharePoint';

/**
 * Each list is one kill, which meets that many events at work. A request that names nobody can only be told from
 * another event's if the others have stopped before it, so it is the furthest of its list.
 */
const kills: Step[][] = [
  [
    { matrix: 11, when: 'after', request: 'receiving the message', then: 'forced' },
    { matrix: 11, when: 'before', request: 'claiming', from: 'backlog', then: 'forced' },
    { matrix: 11, when: 'after', request: 'claiming', from: 'backlog', then: 'unfinished' },
  ],
  // All events of a host wait for the same answer.
  [{ matrix: 11, when: 'before', request: 'reading the pause', then: 'forced' }],
  [{ matrix: 11, when: 'after', request: 'reading the pause', then: 'forced' }],
  // These name nobody, but what becomes of them is the same: each stops whichever event comes first.
  [
    { matrix: 11, when: 'before', request: 'reading who has the same picture', then: 'forced' },
    { matrix: 11, when: 'after', request: 'reading who has the same picture', then: 'forced' },
    {
      ...{ matrix: 11, when: 'before', request: 'noting who has the same picture' },
      ...{ from: 'backlog', then: 'forced' },
    },
    {
      ...{ matrix: 11, when: 'after', request: 'noting who has the same picture' },
      ...{ from: 'backlog', then: 'forced' },
    },
  ],
  [
    { matrix: 11, when: 'before', request: 'reading the budget', then: 'forced' },
    { matrix: 11, when: 'after', request: 'reading the budget', then: 'forced' },
    { matrix: 11, when: 'before', request: 'reserving from the budget', from: 'backlog', then: 'forced' },
    { matrix: 11, when: 'after', request: 'reserving from the budget', from: 'backlog', then: 'forced' },
  ],
  [
    { matrix: 11, when: 'before', request: 'reading the row', then: 'forced' },
    { matrix: 11, when: 'before', request: 'reading the last look', then: 'forced' },
    { matrix: 11, when: 'before', request: 'noting the look', then: 'forced' },
    { matrix: 11, when: 'after', request: 'noting the look', then: 'forced' },
    { matrix: 11, when: 'after', request: 'reading the row', from: 'backlog', then: 'forced' },
    { matrix: 11, when: 'before', request: 'getting a token', from: 'backlog', then: 'forced' },
  ],
  [
    { matrix: 11, when: 'before', request: 'noting the next look', given: lookedAt, then: 'either' },
    { matrix: 11, when: 'after', request: 'noting the next look', given: lookedAt, then: 'either' },
    { matrix: 11, when: 'before', request: 'sending a copy', given: lookedAt, then: 'forced' },
    { matrix: 11, when: 'after', request: 'sending a copy', given: lookedAt, then: 'either' },
    { matrix: 11, when: 'before', request: 'looking', from: 'backlog', then: 'forced' },
    { matrix: 11, when: 'after', request: 'looking', from: 'backlog', then: 'forced' },
    { matrix: 11, when: 'before', request: 'reading the pictures', from: 'backlog', then: 'forced' },
    { matrix: 11, when: 'after', request: 'reading the pictures', from: 'backlog', then: 'forced' },
  ],
  [
    { matrix: 11, when: 'before', request: 'reading the profile', then: 'unfinished' },
    { matrix: 11, when: 'after', request: 'reading the profile', then: 'unfinished' },
    { matrix: 11, when: 'before', request: 'sending a copy', given: refused, then: 'unfinished' },
    { matrix: 11, when: 'after', request: 'sending a copy', given: refused, then: 'either' },
    {
      ...{ matrix: 11, when: 'before', request: 'deleting the message' },
      ...{ from: 'backlog', given: refused, then: 'either' },
    },
    {
      ...{ matrix: 11, when: 'after', request: 'deleting the message' },
      ...{ from: 'backlog', given: refused, then: 'unfinished' },
    },
    { matrix: 11, when: 'before', request: 'finding the folder', from: 'backlog', then: 'unfinished' },
    { matrix: 11, when: 'after', request: 'finding the folder', from: 'backlog', then: 'unfinished' },
  ],
  [
    { matrix: 11, when: 'before', request: 'keeping the earlier properties', then: 'unfinished' },
    { matrix: 11, when: 'after', request: 'keeping the earlier properties', then: 'unfinished' },
    { matrix: 11, when: 'before', request: 'writing S', then: 'unfinished' },
    { matrix: 12, when: 'after', request: 'writing S', then: 'unfinished' },
    { matrix: 12, when: 'before', request: 'writing M', from: 'backlog', then: 'unfinished' },
    { matrix: 12, when: 'after', request: 'writing M', from: 'backlog', then: 'unfinished' },
    { matrix: 12, when: 'before', request: 'writing L', from: 'backlog', then: 'unfinished' },
    { matrix: 12, when: 'before', request: 'setting the properties', from: 'backlog', then: 'unfinished' },
  ],
  [
    { matrix: 12, when: 'after', request: 'writing L', then: 'unfinished' },
    { matrix: 12, when: 'after', request: 'setting the properties', then: 'unfinished' },
  ],
  [
    { matrix: 12, when: 'before', request: 'looking', again: true, then: 'unfinished' },
    { matrix: 12, when: 'after', request: 'looking', again: true, then: 'unfinished' },
    { matrix: 12, when: 'before', request: 'closing', then: 'unfinished' },
    { matrix: 13, when: 'after', request: 'closing', then: 'forced' },
    { matrix: 13, when: 'before', request: 'deleting the message', from: 'backlog', then: 'forced' },
    { matrix: 13, when: 'after', request: 'deleting the message', from: 'backlog', then: 'nothing to do' },
  ],
];

jest.setTimeout(startMs);

let journey: ProxiedJourney;
beforeAll(async () => {
  journey = await startProxiedJourney({
    people: 70,
    hostEnv: { LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' },
    startHost: false,
  });
  await journey.storage.table(tableNames.people).createTable();
  for (const queue of Object.values(queueNames)) await journey.storage.queues.getQueueClient(queue).create();
});
afterAll(() => journey.stop());

async function queueEvent({ given, from }: Step): Promise<QueuedEvent> {
  const { control, storage } = journey;
  const person = await journey.take();
  await control.putPhoto(person.id, { drawing: person.id, notify: false });
  if (given === lookedAt) {
    const lookingSince = new Date(Date.now() + 60_000).toISOString();
    const keys = { partitionKey: person.id.slice(0, 2), rowKey: `${person.id}:look` };
    await storage.table(tableNames.people).upsertEntity({ ...keys, lookingSince });
  }
  const messageId = await storage.send(
    { personId: person.id, cause: from === 'backlog' ? 'admin' : 'notification' },
    from === 'backlog' ? queueNames.photoChangedBacklog : queueNames.photoChanged,
  );
  const event = { person, messageId };
  if (given === refused) {
    const match = applying['reading the profile'].match(event);
    await control.addFault({ service: 'admin', match, status: 503 });
  }
  return event;
}

/** Asked once by a host, or of its own accord all the time. */
const ofNewHost: ReadonlySet<Step['request']> = new Set([
  ...(['receiving the message', 'getting a token', 'finding the folder'] as const),
]);

/**
 * Queues the events, lets a host have them and kills it when each of them hangs where it should. The host that took up
 * what the last one left is as good as a new one, unless it is what a host does only at first that is to hang.
 */
async function killAt(steps: Step[]): Promise<Map<Step, QueuedEvent>> {
  const { tenant, proxy } = journey;
  let host = tenant.host?.hasEnded() === false ? tenant.host : undefined;
  if (host && steps.some(({ request }) => ofNewHost.has(request))) {
    await host.kill();
    host = undefined;
  }
  // It may have none of them before all is ready.
  if (host) process.kill(host.pid, 'SIGSTOP');
  const events = new Map<Step, QueuedEvent>();
  for (const step of steps) events.set(step, await queueEvent(step));
  const hanging: (() => Promise<void>)[] = [];
  const stopThose = async (again: true | undefined) => {
    for (const [step, event] of events) {
      if (step.again !== again) continue;
      hanging.push(await stopAt(journey, event, applying[step.request], step.when));
    }
  };
  await stopThose(undefined);
  // The second request of a kind looks like the first, so it is waited for between the two.
  const gates = [...events]
    .filter(([{ again }]) => again)
    .map(([, event]) => proxy.rule({ hold: 'before' }, applying.claiming.storage(event)));

  if (host) process.kill(host.pid, 'SIGCONT');
  else host = await tenant.startHost();
  await Promise.all(gates.map((gate) => gate.reached()));
  await stopThose(true);
  for (const gate of gates) gate.release();
  await Promise.all(hanging.map((hangs) => hangs()));
  await host.kill();
  return events;
}

const nameOf = ({ matrix, request, when, again, from, given }: Step) =>
  `matrix ${String(matrix)}: killed ${when} ${request}${again ? ' again' : ''}${given ? `, ${given}` : ''}${from ? ', from the backlog' : ''}`;

describe.each(kills.map((steps, index) => ({ kill: index + 1, steps })))('kill $kill', ({ steps }) => {
  let events: Map<Step, QueuedEvent>;
  let restartedAt: number;

  beforeAll(async () => {
    events = await killAt(steps);
    await journey.control.clearFaults();
    journey.proxy.clear();
    restartedAt = journey.log.mark();
    await journey.tenant.startHost();
  });
  afterAll(async () => {
    await journey.storage.drained();
    expect(await journey.storage.poisoned()).toBe(0);
  });

  it.each(steps.map((step) => ({ name: nameOf(step), step })))('$name', async ({ step }) => {
    const { control, storage, log } = journey;
    const { id } = events.get(step)!.person;
    await journey.inSync(id);
    await storage.drained();
    const appliedEtag = (await control.user(id)).source?.etag;
    expect(await storage.person(id)).toMatchObject({ dirty: false, appliedEtag });
    const decisions = log.all('photo-decided', { personId: id }, restartedAt);
    if (step.then === 'nothing to do') expect(decisions).toEqual([]);
    else if (step.then === 'either') expect(decisions).not.toEqual([]);
    else expect(decisions[0]).toMatchObject({ code: step.then, written: true });
  });
});

it('leaves out no request of an undisturbed run', async () => {
  const { tenant, control, storage, proxy } = journey;
  await tenant.host?.kill();
  const person = await journey.take();
  await control.putPhoto(person.id, { drawing: 'undisturbed', notify: false });
  const messageId = await storage.send({ personId: person.id });
  const [earlierRequests, earlierSeen] = [await control.lastRequest(), proxy.seen.length];
  const host = await tenant.startHost();
  await journey.inSync(person.id);
  await storage.drained();
  await host.kill();

  const steps = kills.flat().map(({ request }): ApplyingRequest => applying[request]);
  const event = { person, messageId };
  const toServices = (await control.requests(earlierRequests)).map(({ method, path }) => `${method} ${path}`);
  const toStorage = proxy.seen.slice(earlierSeen).filter((line) => !isHostsOwn(line));
  expect(toServices.length).toBeGreaterThan(8);
  expect(toStorage.length).toBeGreaterThan(8);
  const isStep = (line: string, step: ApplyingRequest) =>
    ('storage' in step ? step.storage(event).match : new RegExp(step.match(event))).test(line);
  expect([...toServices, ...toStorage].filter((line) => !steps.some((step) => isStep(line, step)))).toEqual(
    [],
  );
});

import { tableNames } from '../../src/storage/names';
import { expectAlert } from '../support/expect-alert';
import {
  eventually,
  startJourney,
  startMs,
  type AppLine,
  type Journey,
  type SimPerson,
} from '../support/journey';

/*
 * The sweep finds what no notification told. Rows of the fault matrix: 8 a notification is lost, 35 the timer runs
 * twice, 36 a sweep is cut off or its page expires, 37 a part of a batch is throttled.
 *
 * The cases come one after the other, because a sweep is about everybody. Each leaves a tenant in which nothing is at
 * work, also where it fails.
 */

const peopleAPage = 20;
const sweepMs = 60_000;
jest.setTimeout(3 * sweepMs);

let journey: Journey;
beforeAll(async () => {
  journey = await startJourney({
    people: 50,
    simulatorEnv: { SIM_LARGEST_PAGE: String(peopleAPage) },
    hostEnv: { LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '3' },
    settings: { CHECK_PERCENT: '0', MAX_WRITES_PER_DAY: '10000' },
  });
}, startMs);
afterEach(async () => {
  const { control, storage, tenant } = journey;
  await control.clearFaults();
  await storage.resume();
  if (tenant.host?.hasEnded()) await tenant.startHost();
  await storage.drained(sweepMs);
});
afterAll(() => journey.stop());

const finished = (since: number, where = {}): Promise<AppLine> =>
  eventually('the sweep finishes', () => journey.log.all('sweep-finished', where, since)[0], sweepMs);

/** Has the app sweep once, and waits until whatever it found is done. @returns what it counted. */
async function sweep(): Promise<AppLine> {
  const since = journey.log.mark();
  await journey.runTimer('sweep');
  const counts = await finished(since);
  expectAlert('no-sweep', 'sweep-finished', counts);
  expectAlert('drift-growing', 'sweep-finished', counts);
  await journey.storage.drained(sweepMs);
  return counts;
}

const changeUnnoticed = ({ id }: SimPerson, drawing = `another of ${id}`) =>
  journey.control.putPhoto(id, { drawing, notify: false });

async function requestsDuring(work: () => Promise<unknown>) {
  const before = await journey.control.lastRequest();
  await work();
  return journey.requestsSince(before);
}

const listsOf = (requests: { path: string }[]) => requests.filter(({ path }) => /\/users\?/.test(path));
const batchesOf = <R extends { path: string }>(requests: R[]) =>
  requests.filter(({ path }) => path.endsWith('/$batch'));

describe('The first sweep', () => {
  let people: SimPerson[];
  let counts: AppLine;
  let requests: Awaited<ReturnType<typeof requestsDuring>>;

  beforeAll(async () => {
    people = await journey.control.users();
    requests = await requestsDuring(async () => (counts = await sweep()));
  }, startMs);

  it('records the photo of everybody it looks at, and writes nothing', async () => {
    const looked = people.filter(({ kind }) => kind !== 'guest' && kind !== 'disabled');
    const withPhoto = looked.filter(({ source }) => source !== null);
    expect(counts).toMatchObject({
      outcome: 'complete',
      seen: people.length,
      baseline: withPhoto.length,
      withoutPhoto: looked.length - withPhoto.length,
      changed: 0,
      added: 0,
    });
    for (const { id, source } of withPhoto) {
      expect(await journey.storage.person(id)).toMatchObject({
        code: 'baseline',
        settledEtag: source?.etag,
        seenEtag: source?.etag,
      });
    }
    expect(requests.filter(({ service }) => service === 'mysite' || service === 'admin')).toEqual([]);
  });

  it('asks for 20 people with one request, and nothing about guests and disabled accounts', () => {
    const alone = people.filter(({ kind }) => kind === 'guest' || kind === 'disabled');
    expect(alone.length).toBeGreaterThan(1);
    const of = (wanted: string) => String(alone.filter(({ kind }) => kind === wanted).length);
    expect((counts.skipped as string[]).sort()).toEqual([
      `disabled: ${of('disabled')}`,
      `guest: ${of('guest')}`,
    ]);
    const asked = batchesOf(requests).flatMap(({ inner }) => inner ?? []);
    expect(asked).toHaveLength(people.length - alone.length);
    for (const { id } of alone) expect(asked.filter(({ path }) => path.includes(id))).toEqual([]);
    expect(listsOf(requests)).toHaveLength(Math.ceil(people.length / peopleAPage));
  });

  it('leaves a record', async () => {
    const rows = journey.storage.table(tableNames.sweeps).listEntities({
      queryOptions: { filter: "PartitionKey eq 'record'" },
    });
    const records = [];
    for await (const row of rows) records.push(row);
    expect(records).toMatchObject([{ sweepId: counts.sweepId, outcome: 'complete' }]);
  });
});

describe('A later sweep', () => {
  it('matrix 8: brings the photos whose notification was lost or never came, and counts them', async () => {
    const [lost, silent] = [await journey.take('no-mailbox'), await journey.take()];
    await journey.control.addFault({ drop: true });
    await journey.control.putPhoto(lost.id, {
      drawing: 'whose notification is lost',
      width: 300,
      height: 200,
    });
    await changeUnnoticed(silent);
    expect(await sweep()).toMatchObject({ changed: 2, unannounced: 2, baseline: 0 });
    await journey.inSync(lost.id);
    await journey.inSync(silent.id);
    expect(await sweep()).toMatchObject({ changed: 0, unannounced: 0 });
  });

  it('does not count as unannounced what a notification announced', async () => {
    const { control, log } = journey;
    const { id } = await journey.take();
    const since = log.mark();
    const match = `/users/${id}/photos/`;
    const clear = await control.addFault({ service: 'graph', match, status: 503 });
    await control.putPhoto(id, { drawing: 'announced' });
    await log.next('photo-retry', { personId: id }, since);
    await journey.runTimer('sweep');
    expect(await finished(since)).toMatchObject({ changed: 1, unannounced: 0 });
    await clear();
    await journey.inSync(id);
  });

  it('does not count as changed again what waits until writing is no longer paused', async () => {
    const { log, storage } = journey;
    const person = await journey.take();
    const since = log.mark();
    await storage.pause('a test');
    await changeUnnoticed(person);
    await journey.runTimer('sweep');
    expect(await finished(since)).toMatchObject({ changed: 1, unfinished: 0 });
    await log.next('photo-decided', { personId: person.id, code: 'paused' }, since);
    const again = log.mark();
    await journey.runTimer('sweep');
    expect(await finished(again)).toMatchObject({ changed: 0, unfinished: 1 });
    await storage.resume();
    await journey.inSync(person.id);
  });

  it('takes up a person whose row says that a write did not finish', async () => {
    const { id } = await journey.take();
    const keys = { partitionKey: id.slice(0, 2), rowKey: id };
    await journey.storage.table(tableNames.people).upsertEntity({ ...keys, dirty: true, settledEtag: '' });
    expect(await sweep()).toMatchObject({ unfinished: 1 });
    await journey.inSync(id);
  });

  it('takes up a deferred person when the time has come', async () => {
    const person = await journey.take('no-profile');
    await changeUnnoticed(person);
    await sweep();
    expect(await journey.storage.person(person.id)).toMatchObject({ plan: 'defer' });
    await journey.control.patchProfile(person.id, {});
    expect(await sweep()).toMatchObject({ waiting: 1, due: 0 });
    await journey.control.advanceClock(5 * 3600);
    expect(await sweep()).toMatchObject({ waiting: 0, due: 1 });
    await journey.inSync(person.id);
  });

  it('matrix 35: is one, however often the timer runs', async () => {
    const { log } = journey;
    const match = 'GET /v1.0/users\\?.*skiptoken';
    const clear = await journey.control.addFault({ service: 'graph', match, status: 503 });
    const since = log.mark();
    await Promise.all([journey.runTimer('sweep'), journey.runTimer('sweep')]);
    await log.next('sweep-page-retry', {}, since);
    const midway = log.mark();
    await journey.runTimer('sweep');
    await log.next('sweep-not-started', { plan: 'send-again' }, midway);
    await clear();
    await finished(since);
    await journey.storage.drained(sweepMs);
    expect(log.all('sweep-started', {}, since)).toHaveLength(1);
    expect(log.all('sweep-finished', {}, since)).toHaveLength(1);
  });

  it('matrix 36: goes on at the last finished page when the app is killed and deployed anew', async () => {
    const match = 'GET /v1.0/users\\?.*skiptoken';
    const clear = await journey.control.addFault({ service: 'graph', match, kind: 'hang' });
    const since = journey.log.mark();
    await journey.runTimer('sweep');
    const { sweepId, page } = await journey.log.next('sweep-page', {}, since);
    // The next page is begun before the first is on record.
    await eventually('the first page is on record', async () => {
      const row = await journey.storage.sweep();
      return row?.['sweepId'] === sweepId && Number(row?.['page']) > Number(page);
    });
    await eventually('the second page is asked for', async () => {
      const faults = await journey.control.faults();
      return faults.some((fault) => 'match' in fault && fault.match === match && fault.hits > 0);
    });
    await journey.tenant.host?.kill();
    await clear();
    await journey.tenant.startHost();
    const requests = await requestsDuring(async () => {
      await journey.runTimer('sweep');
      expect(await finished(since)).toMatchObject({ outcome: 'complete', restarts: 0 });
    });
    expect(listsOf(requests).filter(({ path }) => !path.includes('skiptoken'))).toEqual([]);
    expect(journey.log.all('sweep-started', {}, since)).toHaveLength(1);
  });

  it('matrix 36: begins the list again when Graph no longer knows the next page', async () => {
    const person = (await journey.control.users()).at(-1)!;
    await changeUnnoticed(person);
    const match = 'GET /v1.0/users\\?.*skiptoken';
    await journey.control.addFault({ service: 'graph', match, status: 410, times: 1 });
    const people = await journey.control.users();
    expect(await sweep()).toMatchObject({
      outcome: 'complete',
      restarts: 1,
      seen: people.length,
      changed: 1,
    });
    await journey.inSync(person.id);
  });

  it('matrix 37: asks again, alone, for the part of a batch that was throttled', async () => {
    const { id } = await journey.take();
    const match = `GET /v1.0/users/${id}/photo$`;
    const fault = { service: 'graph', match, status: 429, retryAfterSeconds: 1, times: 1 } as const;
    await journey.control.addFault(fault);
    const requests = await requestsDuring(async () => {
      expect(await sweep()).toMatchObject({ failed: 0 });
    });
    const about = batchesOf(requests).filter(({ inner }) => inner?.some(({ path }) => path.includes(id)));
    expect(about.map(({ inner }) => inner?.length)).toEqual([expect.any(Number), 1]);
    expect(about[0]!.inner!.length).toBeGreaterThan(1);
  });
});

describe('A sweep a month later, with BACKFILL=all', () => {
  let leaver: SimPerson;
  let counts: AppLine;

  beforeAll(async () => {
    const { control, storage, tenant } = journey;
    leaver = await journey.take();
    await control.notify([leaver.id]);
    await eventually('there is a note beside the row', () => storage.look(leaver.id));
    await storage.drained(sweepMs);
    await control.deleteUser(leaver.id);
    await sweep();
    expect(await storage.person(leaver.id)).toBeDefined();

    await tenant.host?.stop();
    await control.advanceClock(32 * 86_400);
    // With a budget that forty people do not use up.
    await tenant.startHost({ settings: { BACKFILL: 'all', SHAREPOINT_LICENCES: '100000' } });
    counts = await sweep();
  }, 3 * sweepMs);

  it('removes the rows of somebody who left long ago, and nobody else’s', async () => {
    const { control, storage } = journey;
    expect(counts).toMatchObject({ leavers: 1 });
    expect(await storage.person(leaver.id)).toBeUndefined();
    expect(await storage.look(leaver.id)).toBeUndefined();
    for (const { id, kind } of await control.users()) {
      if (kind === 'ordinary') expect(await storage.person(id)).toBeDefined();
    }
  });

  it('writes everybody once', async () => {
    expect(counts.added).toBeGreaterThan(10);
    const written = (await journey.control.users()).filter(({ kind }) => kind === 'ordinary');
    for (const { id } of written) {
      expect((await journey.storage.person(id))?.appliedEtag).not.toBe('');
    }
    await journey.inSync(written[0]!.id);
    expect(await sweep()).toMatchObject({ added: 0, changed: 0 });
  });
});

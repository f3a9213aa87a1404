import { tableNames } from '../../src/storage/names';
import { expectAlert } from '../support/expect-alert';
import { eventually, startJourney, startMs, type Journey, type SimPerson } from '../support/journey';
import { samplePicture } from '../support/sample-pictures';

/**
 * What stops the writer for everybody, and how an admin lets it go on. The tests follow one another, and removals come
 * last: they leave events for tomorrow, so that nobody could tell any more when all the others are done.
 */

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ people: 60, startHost: false });
}, startMs);
afterAll(() => journey.stop());

/** An event that is cut off comes back, and its write counts where the next test counts writes. */
const restart = async (settings: Record<string, string>) => {
  await journey.storage.drained();
  await journey.tenant.host?.stop();
  await journey.tenant.startHost({ settings });
};
const withSettings = (settings: () => Record<string, string> | Promise<Record<string, string>>) => {
  beforeAll(async () => restart(await settings()), startMs);
};

let stopId = '';
/** What an admin does who found that all is as it should be. */
const resumed = () => ({ BREAKER_RESUME: stopId });

/** The photo changes, and an event tells of it. */
async function change(person: SimPerson, photo: { drawing?: string; raw?: Buffer }): Promise<void> {
  const size = photo.raw && { width: 360, height: 360, contentType: 'image/jpeg' };
  await journey.control.putPhoto(person.id, { ...photo, ...size, notify: false });
  await journey.storage.send({ personId: person.id, cause: 'admin' });
}

const takeMany = async (count: number) => {
  const people: SimPerson[] = [];
  while (people.length < count) people.push(await journey.take());
  return people;
};

async function sweep(): Promise<void> {
  const since = journey.log.mark();
  await journey.runTimer('sweep');
  await journey.log.next('sweep-finished', {}, since);
}

/** Somebody else's photo is looked at and recorded, and not written. */
async function expectNotWritten(code: string): Promise<SimPerson> {
  const { log, storage, audit, control } = journey;
  const since = log.mark();
  const person = await journey.take();
  await change(person, { drawing: `while ${code}` });
  await log.next('photo-decided', { personId: person.id, plan: 'stop', code, written: false }, since);
  expect(await storage.person(person.id)).toMatchObject({ dirty: true, plan: 'stop', code });
  await audit.untouched(person.id);
  expect((await control.user(person.id)).inSync).toBe(false);
  return person;
}

async function expectStopped(kind: string, since: number): Promise<string> {
  const stopped = await journey.log.next('breaker-stopped', { kind }, since);
  stopId = stopped.stopId as string;
  expect(stopped.level).toBe('error');
  expectAlert('writing-stopped', 'breaker-stopped', stopped);
  expect(stopped.reason).toContain(`BREAKER_RESUME=${stopId}`);
  return stopped.reason as string;
}

/** Who was not written since the last stop. */
const left: SimPerson[] = [];
async function takeUpWhatIsLeft(): Promise<void> {
  await sweep();
  for (const { id } of left.splice(0)) await journey.inSync(id);
}

let wearers: SimPerson[];

describe('The same picture for ten people', () => {
  withSettings(() => ({}));
  let since: number;

  it('stops all writing, while looking and recording go on', async () => {
    const { log, storage } = journey;
    since = log.mark();
    wearers = await takeMany(10);
    const raw = await samplePicture(360).jpeg().toBuffer();
    for (const person of wearers) await change(person, { raw });
    expect(await expectStopped('same-picture', since)).toMatch(/same picture came for 10 people/);
    left.push(await expectNotWritten('breaker'));
    await storage.drained();
    const written = log.all('photo-decided', { written: true }, since);
    expect(written.length).toBeLessThan(10);
    expect(log.all('breaker-stopped', {}, since)).toHaveLength(1);
  });

  it('is written after all once an admin says so, and a sweep takes up what was left', async () => {
    const { log } = journey;
    await restart(resumed());
    left.push(...wearers);
    await takeUpWhatIsLeft();
    expect(log.all('breaker-resumed', { stopId }, since)).toHaveLength(1);
    await log.next('sweep-started', { reason: 'Writing goes on after a stop of the breaker.' }, since);
    // Nobody is stopped by this picture again.
    const late = await journey.take();
    await change(late, { raw: await samplePicture(360).jpeg().toBuffer() });
    await journey.inSync(late.id);
  });
});

const writesToday = async () => {
  const row = await journey.storage.table(tableNames.control).getEntity('budget', 'sharepoint');
  return Number(row.writes);
};

describe('The first writes after a switch to apply', () => {
  withSettings(() => ({ ...resumed(), CHECKED_FIRST_WRITES: '2' }));

  const readsOf = async ({ id }: SimPerson, since: number) =>
    (await journey.requestsSince(since, 'mysite')).filter(
      ({ method, path }) => method === 'GET' && path.includes(`m365-${id}`),
    );

  it('are read back, and what SharePoint does not keep stops all writing', async () => {
    const { control, log } = journey;
    const [good, tampered] = await takeMany(2);
    const since = log.mark();
    const request = await control.lastRequest();
    await change(good!, { drawing: 'kept' });
    await journey.inSync(good!.id);
    await verified(1);
    // Oftener where a sweep noted something in the row meanwhile, so that it was written once more.
    expect(new Set((await readsOf(good!, request)).map(({ path }) => path)).size).toBe(3);

    // SharePoint says that all is well, and keeps nothing.
    const body = JSON.stringify([{ SchemaVersion: '15.0.0.0', ErrorInfo: null }]);
    const fault = { service: 'admin', match: 'ProcessQuery$', status: 200, body } as const;
    const recover = await control.addFault(fault);
    await change(tampered!, { drawing: 'not kept' });
    const reason = await expectStopped('first-writes', since);
    expect(reason).toMatch(/did not stay as it was written: PictureURL does not lead to it/);
    left.push(tampered!, await expectNotWritten('breaker'));
    await recover();

    await restart({ ...resumed(), CHECKED_FIRST_WRITES: '2' });
    await takeUpWhatIsLeft();
    await verified(2);

    const third = await journey.take();
    const last = await control.lastRequest();
    await change(third, { drawing: 'trusted' });
    await journey.inSync(third.id);
    expect(await readsOf(third, last)).toEqual([]);
  });

  const verified = (count: number) =>
    eventually(`${String(count)} are verified`, async () => {
      const row = await journey.storage.table(tableNames.control).getEntity('control', 'first-writes');
      expect(row).toMatchObject({ verified: count, outstandingBy: '' });
      return true;
    });
});

describe('MAX_WRITES_PER_DAY', () => {
  let limit: number;
  withSettings(async () => {
    limit = (await writesToday()) + 2;
    return { MAX_WRITES_PER_DAY: String(limit) };
  });

  it('stops for the day, is told once, and what was left is written when it is raised', async () => {
    const { log } = journey;
    const since = log.mark();
    // Where the row changes meanwhile, somebody is written twice, so which of them is the last of the day is open.
    let code: unknown;
    while (code !== 'day-limit') {
      const person = await journey.take();
      await change(person, { drawing: `before the limit ${person.id}` });
      ({ code } = await log.next('photo-decided', { personId: person.id }, since));
      if (code === 'day-limit') left.push(person);
      else await journey.inSync(person.id);
    }
    expect(await writesToday()).toBe(limit);
    left.push(await expectNotWritten('day-limit'));
    const told = log.all('writes-stopped', { level: 'error' }, since);
    expect(told).toHaveLength(1);
    expectAlert('writing-stopped', 'writes-stopped', told[0]);

    await restart({ MAX_WRITES_PER_DAY: '1000' });
    await takeUpWhatIsLeft();
  });
});

describe('matrix 20: SharePoint asks one of two instances to wait', () => {
  it('and both keep from asking it until then, for live events too', async () => {
    const { control, log, storage, tenant } = journey;
    const second = await tenant.startHost();
    const [first, ...others] = await takeMany(7);
    const waitSeconds = 4;
    const recover = await control.addFault({
      ...{ service: 'admin', match: 'GetPropertiesFor', status: 429, retryAfterSeconds: waitSeconds },
    });
    const since = log.mark();
    await change(first!, { drawing: 'refused' });
    const { time } = await log.next('photo-retry', { personId: first!.id, status: 429 }, since);
    await eventually('the pause is on record', async () => {
      const row = await storage.table(tableNames.control).getEntity('budget', 'sharepoint');
      return Date.parse(String(row.pausedUntil)) > Date.parse(time);
    });
    await recover();
    const from = await control.lastRequest();
    for (const person of others) await change(person, { drawing: `waits ${person.id}` });
    for (const { id } of [first!, ...others]) await journey.inSync(id);

    const asked = (await control.requests(from)).filter(
      ({ service }) => service !== 'graph' && service !== 'identity',
    );
    const earliest = Math.min(...asked.map((request) => Date.parse(request.time)));
    // Storage tells the time in whole seconds.
    expect(earliest - Date.parse(time)).toBeGreaterThan((waitSeconds - 1.2) * 1000);
    expect(await storage.poisoned()).toBe(0);
    await storage.drained();
    await second.stop();
  });
});

describe('More removals than usual', () => {
  let written: number;
  // Three are not above the share, and four are.
  withSettings(async () => {
    written = await countWritten();
    return { BREAKER_REMOVALS: '2', BREAKER_REMOVAL_PERCENT: String(Math.floor(350 / written)) };
  });

  const countWritten = async () => {
    let count = 0;
    for await (const { appliedEtag } of journey.storage.table(tableNames.people).listEntities())
      if (appliedEtag) count += 1;
    return count;
  };

  const remove = async ({ id }: SimPerson) => {
    const from = journey.log.mark();
    await journey.control.deletePhoto(id, { notify: false });
    await journey.storage.send({ personId: id, cause: 'admin' });
    await journey.log.next('photo-decided', { personId: id, plan: 'confirm' }, from);
  };

  it('stop all writing above a number and a share', async () => {
    const { log, control } = journey;
    await sweep();
    const since = log.mark();
    for (const person of wearers.slice(0, 3)) await remove(person);
    expect(log.all('breaker-stopped', {}, since)).toEqual([]);
    await remove(wearers[3]!);
    const reason = await expectStopped('removals', since);
    expect(reason).toContain(`4 people of ${String(written)} whose picture the app wrote`);
    await expectNotWritten('breaker');
    for (const { id } of wearers.slice(0, 4)) {
      expect((await control.user(id)).sharePoint?.pictureUrl).toContain(`m365-${id}`);
    }
  });
});

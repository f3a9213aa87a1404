import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { queueNames, tableNames } from '../../src/storage/names';
import { eventually, startJourney, startMs, type Journey, type SimPerson } from '../support/journey';

/**
 * How the app is taken out of a tenant: first without a restore, then with one, and killed in the middle of it. The tests
 * follow one another on one tenant.
 */
jest.setTimeout(startMs);

interface Written {
  id: string;
  /** As SharePoint showed them before the app. */
  before: SimPerson['sharePoint'];
}

let journey: Journey;
let usual: Written[];
let withoutPicture: Written;
let pulled: Written;
let cleared: Written;
let everybody: Written[];

beforeAll(async () => {
  journey = await startJourney({
    settings: { REMOVAL_CONFIRM_AFTER: '1s', REMOVED_FILES_AFTER: '24h' },
    hostEnv: { LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '1' },
  });
  const { control, log } = journey;
  [withoutPicture, pulled, cleared, usual] = await Promise.all([
    written('no-mailbox'),
    written('apostrophe'),
    written(),
    Promise.all(Array.from({ length: 5 }, () => written())),
  ]);
  everybody = [withoutPicture, pulled, cleared, ...usual];
  await control.visit(pulled.id);
  await control.deletePhoto(cleared.id);
  await log.next('photo-decided', { personId: cleared.id, plan: 'clear' });
}, startMs);
afterAll(() => journey.stop());

async function written(kind?: SimPerson['kind']): Promise<Written> {
  const { id, sharePoint: before } = await journey.take(kind);
  await journey.control.putPhoto(id, { drawing: id });
  await journey.inSync(id);
  await eventually('it is on record', async () => (await journey.storage.person(id))?.dirty === false);
  return { id, before };
}

const removing = { SYNC_MODE: 'remove' };

async function restart(settings: Record<string, string>): Promise<void> {
  await journey.tenant.host?.stop();
  await journey.tenant.startHost({ settings });
}

async function controlRow(rowKey: string): Promise<Record<string, unknown>> {
  try {
    return await journey.storage.table(tableNames.control).getEntity('control', rowKey);
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return {};
    throw error;
  }
}

/** Runs a timer until it has gone through all rows, which it says in its record. */
async function runTimer(name: 'sweep' | 'keep-subscription'): Promise<Record<string, unknown>> {
  const since = journey.log.mark();
  const { etag } = await controlRow('removed');
  await journey.runTimer(name);
  return eventually(`the timer ${name} leaves its record`, async () => {
    expect(journey.log.all('removal-failed', {}, since)).toEqual([]);
    const record = await controlRow('removed');
    return record.etag !== etag && record;
  });
}

/** In the backlog stays what is delayed by a day: the files of the picture that was cleared. */
const backlogIsThrough = () =>
  eventually(
    'the backlog is through',
    async () => (await journey.storage.waiting(queueNames.photoChangedBacklog)) <= 1,
    startMs,
  );

const shownPath = async (id: string): Promise<string> => {
  const { sharePoint } = await journey.control.user(id);
  return sharePoint?.pictureUrl ? pathOf(sharePoint.pictureUrl) : '';
};
const pathOf = (url: string) => decodeURIComponent(new URL(url).pathname);

/** What a reader of SharePoint and an admin of the app may see. */
async function everythingOfEverybody() {
  const { control, storage } = journey;
  return {
    files: await control.files(),
    people: await Promise.all(everybody.map(async ({ id }) => (await control.user(id)).sharePoint)),
    rows: await Promise.all(everybody.map(({ id }) => storage.person(id))),
  };
}

describe('SYNC_MODE=remove', () => {
  it('deletes the subscription, leaves the pictures, and says so', async () => {
    const { control, log, storage } = journey;
    await restart(removing);
    const before = await everythingOfEverybody();
    const record = await runTimer('keep-subscription');
    expect(record).toMatchObject({ subscriptionsLeft: 0, restored: 0, notRestored: 8, open: 0 });
    expect(Date.parse(String(record.doneAt))).toBeGreaterThan(0);
    expect(log.all('removal-done')).toMatchObject([{ notRestored: 8 }]);
    expect(await control.subscriptions()).toEqual([]);
    expect(await storage.subscriptionRows()).toEqual([]);
    // Should it write again one day, the first writes are read back.
    expect(await controlRow('first-writes')).toMatchObject({ mode: 'report', verified: 0 });
    expect(await everythingOfEverybody()).toEqual(before);
  });

  it('makes no subscription any more', async () => {
    const { control, log } = journey;
    const before = await control.lastRequest();
    const { doneAt } = await runTimer('sweep');
    expect(await runTimer('keep-subscription')).toMatchObject({ doneAt });
    const asked = await control.requests(before);
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(await control.subscriptions()).toEqual([]);
    expect(log.all('removal-done')).toHaveLength(1);
    expect(log.all('sweep-started')).toEqual([]);
  });

  it('answers notifications as ever, and writes nothing', async () => {
    const { audit, control, log, storage, tenant } = journey;
    const { id } = await journey.take();
    await control.putPhoto(id, { drawing: 'a new face' });
    const notification = {
      subscriptionId: id,
      clientState: 'of a subscription that is gone',
      tenantId: id,
      changeType: 'updated',
      resource: `Users/${id}`,
      resourceData: { '@odata.type': '#Microsoft.Graph.User', id },
    };
    const { status } = await fetch(`${tenant.functionsUrl}/api/notifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value: [notification] }),
    });
    expect(status).toBe(202);
    // What was queued before the app began to go.
    await storage.send({ personId: id });
    await log.next('photo-decided', { personId: id, plan: 'stop', code: 'removing', written: false });
    await audit.untouched(id);
  });
});

describe('SYNC_MODE=remove with REMOVE_RESTORE=true', () => {
  let since: number;
  beforeAll(() => {
    since = journey.log.mark();
  });

  it('may be killed while it goes through the rows, and while it restores', async () => {
    const { control, tenant } = journey;
    const settings = { ...removing, REMOVE_RESTORE: 'true' };
    await restart(settings);
    // SharePoint does its part, and the app never hears of it: our files are still there when it is killed.
    const hang = { service: 'admin', match: 'ProcessQuery', kind: 'hang', after: true } as const;
    const hangNoMore = await control.addFault(hang);
    await journey.runTimer('sweep');
    await eventually('it is in the middle of the rows', async () => {
      const { partition } = await controlRow('removing');
      return Number(partition) > 0 && Number(partition) < 200;
    });
    await tenant.host?.kill();
    await hangNoMore();

    const clear = await control.addFault(hang);
    await tenant.startHost({ settings });
    await runTimer('sweep');
    await eventually('a restore is at work', async () => ((await control.faults())[0]?.hits ?? 0) > 0);
    await tenant.host?.kill();
    await clear();
    await tenant.startHost({ settings });
  });

  it('shows the pictures of before again, and says who could not be restored', async () => {
    const { audit, control, log, storage } = journey;
    await eventually(
      'it is done',
      async () => {
        await backlogIsThrough();
        return (await runTimer('sweep')).doneAt !== '';
      },
      startMs,
    );
    expect(await controlRow('removed')).toMatchObject({
      subscriptionsLeft: 0,
      restored: 6,
      notRestored: 2,
      open: 0,
    });
    expect(log.all('removal-done', {}, since)).toHaveLength(1);
    expect(await control.subscriptions()).toEqual([]);

    for (const { id, before } of usual) {
      expect(await shownPath(id)).toBe(pathOf(before!.pictureUrl));
      expect((await control.user(id)).sharePoint?.files).toEqual(before?.files);
      await audit.untouched(id);
    }
    expect(await shownPath(withoutPicture.id)).toBe('');
    await audit.untouched(withoutPicture.id);
    expect(await shownPath(pulled.id)).not.toContain('m365-');
    expect(await shownPath(cleared.id)).toBe('');
    await audit.untouched(cleared.id);
    for (const { id } of [pulled, cleared]) {
      expect(await storage.person(id)).toMatchObject({ code: 'not-restored', dirty: false });
    }
    expect(await storage.poisoned()).toBe(0);
  });

  it('changes nothing any more when the timers come again', async () => {
    const { control, log } = journey;
    await backlogIsThrough();
    const [before, { doneAt }, lastRequest] = await Promise.all([
      everythingOfEverybody(),
      controlRow('removed'),
      control.lastRequest(),
    ]);
    await runTimer('keep-subscription');
    expect(await runTimer('sweep')).toMatchObject({ doneAt, restored: 6, notRestored: 2, open: 0 });
    expect(await everythingOfEverybody()).toEqual(before);
    const asked = await control.requests(lastRequest);
    expect(asked.filter(({ method, service }) => method !== 'GET' || service !== 'graph')).toEqual([]);
    expect(log.all('removal-done', {}, since)).toHaveLength(1);
  });

  it('is told of, person by person, by a script', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['scripts/restore.mjs', '--list', '--json'],
      { env: { ...process.env, PhotoSyncStorage: journey.tenant.storage.connectionString } },
    );
    const states = new Map(
      (JSON.parse(stdout) as { id: string; state: string; reason: string }[]).map((one) => [one.id, one]),
    );
    expect(states.size).toBe(8);
    for (const { id } of [...usual, withoutPicture]) expect(states.get(id)?.state).toBe('restored');
    for (const { id } of [pulled, cleared]) {
      expect(states.get(id)).toMatchObject({
        state: 'not restored',
        reason: expect.stringMatching(/picture/),
      });
    }
  });
});

import { queueNames } from '../../src/storage/names';
import { eventually, letSubscribe, startJourney, startMs, type Journey } from '../support/journey';
import { nameRequests } from '../support/request-names';

/**
 * The way an admin goes: rights first, then a report, then a pilot, then everybody; and what stops it all. The tests
 * follow one another, each part with a function host of its own settings.
 */

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ startHost: false });
}, startMs);
afterAll(() => journey.stop());

/** Puts a host with other settings in the place of the one before. */
async function restart(settings: Record<string, string>): Promise<void> {
  await journey.tenant.host?.stop();
  await journey.tenant.startHost({ settings });
}

const withSettings = (settings: Record<string, string>) => {
  beforeAll(() => restart(settings), startMs);
};

/** Changes the photo, and waits for what the app decides. */
async function decisionOnChange(id: string) {
  const since = journey.log.mark();
  const { etag } = await journey.control.putPhoto(id, { drawing: 'a new face' });
  return { etag, decided: await journey.log.next('photo-decided', { personId: id }, since) };
}

async function requestsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const before = await journey.control.lastRequest();
  await work();
  await journey.storage.drained();
  return nameRequests(await journey.control.requests(before));
}

const appliedColumns = ['appliedEtag', 'dirty', 'earlierProperties', 'writtenSha256'];

/** The row tells what was seen and planned, and nothing of a write. */
async function expectOnlyRecorded(id: string, plan: Record<string, unknown>): Promise<void> {
  const row = await journey.storage.person(id);
  expect(row).toMatchObject(plan);
  for (const column of appliedColumns) expect(row?.[column] || undefined).toBeUndefined();
  await journey.audit.untouched(id);
}

describe('before the rights are granted', () => {
  withSettings({ RIGHTS_GRANTED: 'false' });

  it('asks for no token, whatever comes, and keeps the event', async () => {
    const { control, log, storage } = journey;
    const { id } = await journey.take();
    await journey.runTimer('keep-subscription');
    expect(await log.next('subscription-waiting')).toMatchObject({
      reason: expect.stringContaining('RIGHTS_GRANTED'),
    });
    await storage.send({ personId: id });
    expect(await log.next('photo-retry', { personId: id })).toMatchObject({
      service: 'rights',
      reason: expect.stringMatching(
        /User\.ReadWrite\.All and Sites\.Selected on "Office 365 SharePoint Online"/,
      ),
    });
    expect(await control.requests()).toEqual([]);
    // The copy is sent before the original goes.
    await eventually('the copy alone is kept', async () => {
      return (await storage.waiting(queueNames.photoChanged)) === 1;
    });
  });
});

describe('SYNC_MODE=report', () => {
  withSettings({ SYNC_MODE: 'report' });

  it('takes up what had to wait for the rights', async () => {
    const [waiting] = journey.log.all('photo-retry', { service: 'rights' });
    const personId = waiting!.personId as string;
    await journey.log.next('photo-decided', { personId, mode: 'report', plan: 'apply' });
    await letSubscribe(journey);
  });

  it('reads and records what it would do, and writes nothing', async () => {
    const { id } = await journey.take();
    const asked = await requestsDuring(async () => {
      const { etag, decided } = await decisionOnChange(id);
      expect(decided).toMatchObject({ mode: 'report', plan: 'apply', code: 'changed', written: false });
      await expectOnlyRecorded(id, {
        seenEtag: etag,
        plan: 'apply',
        code: 'changed',
        reason: decided.reason,
      });
    });
    expect(asked).toEqual(['Graph: photo metadata', 'Graph: user and pictures', 'SharePoint: profile']);
  });

  it('says who would be deferred', async () => {
    const { id } = await journey.take('reused-upn');
    const { etag, decided } = await decisionOnChange(id);
    expect(decided).toMatchObject({ mode: 'report', plan: 'defer', code: 'other-identity' });
    await expectOnlyRecorded(id, { seenEtag: etag, plan: 'defer' });
  });
});

describe('SYNC_MODE=apply, and nobody said for whom', () => {
  withSettings({ SCOPE: '' });

  it('refuses to write, and says what is missing', async () => {
    const { id } = await journey.take();
    const { etag, decided } = await decisionOnChange(id);
    expect(decided).toMatchObject({ mode: 'no-scope', plan: 'stop', code: 'no-scope' });
    expect(decided.reason).toMatch(/neither SCOPE=everyone nor PILOT_USERS/);
    await expectOnlyRecorded(id, { seenEtag: etag, plan: 'stop' });
  });
});

describe('SYNC_MODE=apply for a pilot', () => {
  let pilot: string;

  beforeAll(async () => {
    pilot = (await journey.take()).id;
    await restart({ SCOPE: '', PILOT_USERS: pilot.toUpperCase() });
  }, startMs);

  it('leaves everybody else alone, and asks nothing about them', async () => {
    const { id } = await journey.take();
    const asked = await requestsDuring(async () => {
      const { decided } = await decisionOnChange(id);
      expect(decided).toMatchObject({ plan: 'skip', code: 'out-of-scope' });
    });
    expect(asked).toEqual([]);
    await journey.audit.untouched(id);
  });

  it('writes what a sweep finds', async () => {
    await journey.storage.send({ personId: pilot, cause: 'sweep' }, queueNames.photoChangedBacklog);
    await journey.inSync(pilot);
  });

  it('brings the picture to a pilot user', async () => {
    await decisionOnChange(pilot);
    await journey.inSync(pilot);
  });
});

describe('SYNC_MODE=apply for everyone', () => {
  withSettings({ SCOPE: 'everyone' });

  it('writes what it had only recorded, at the next notification', async () => {
    const recorded = journey.log
      .all('photo-decided', { written: false })
      .filter(({ code }) => code === 'changed' || code === 'no-scope' || code === 'out-of-scope');
    const ids = [...new Set(recorded.map(({ personId }) => personId as string))];
    expect(ids.length).toBeGreaterThanOrEqual(4);
    await journey.control.notify(ids);
    for (const id of ids) await journey.inSync(id);
  });

  it('keeps the picture properties as they were before it first wrote', async () => {
    const { control, storage } = journey;
    const { id, sharePoint } = await journey.take();
    await control.putPhoto(id, { drawing: 'a new face' });
    await journey.inSync(id);
    const kept = await eventually(
      'it is on record',
      async () => (await storage.person(id))?.earlierProperties,
    );
    const earlier = JSON.parse(String(kept)) as Record<string, string>;
    expect(new URL(earlier.PictureURL!).pathname).toBe(new URL(sharePoint!.pictureUrl).pathname);
    expect(earlier).toMatchObject({
      'SPS-PictureTimestamp': sharePoint?.timestamp,
      'SPS-PicturePlaceholderState': sharePoint?.placeholderState,
      'SPS-PictureExchangeSyncState': '1',
    });

    // What SharePoint does by itself meanwhile is not what was there before.
    await control.patchProfile(id, { pictureUrl: sharePoint?.pictureUrl.replace('_M', '_pulled_M') });
    await control.putPhoto(id, { drawing: 'another face' });
    await journey.inSync(id);
    expect((await storage.person(id))?.earlierProperties).toBe(kept);
  });

  it('stops between two requests when it is paused, and goes on when it no longer is', async () => {
    const { control, log, storage } = journey;
    const { id } = await journey.take();
    const hold = { service: 'mysite', match: `m365-${id}_M`, delayMs: 1000 } as const;
    const release = await control.addFault(hold);
    await control.putPhoto(id, { drawing: 'a new face' });
    await eventually('the M file is at work', async () => (await control.faults())[0]?.hits === 1);
    await storage.pause('moving to another site');

    const paused = await log.next('photo-decided', { personId: id, code: 'paused' });
    expect(paused).toMatchObject({ plan: 'stop', reason: 'Writing is paused: moving to another site.' });
    await release();
    const names = (await journey.audit.ownFilesOf(id)).map(({ path }) => path.slice(-11));
    expect(names.sort()).toEqual(['_MThumb.jpg', '_SThumb.jpg']);
    expect(await storage.person(id)).toMatchObject({ dirty: true, plan: 'stop' });

    const other = await journey.take();
    await control.putPhoto(other.id, { drawing: 'a new face' });
    await log.next('photo-decided', { personId: other.id, code: 'paused' });
    await journey.audit.untouched(other.id);

    await storage.resume();
    await journey.inSync(id);
    await journey.inSync(other.id);
  });
});

describe('settings that are wrong', () => {
  let functions: string[];

  beforeAll(async () => {
    await journey.storage.drained();
    functions = journey.tenant.host!.functions;
    await restart({ TENANT_ID: 'contoso', SYNC_MODE: 'aply', GRAPH_URL: 'https://graph.example.com' });
  }, startMs);

  it('leave every function in its place', () => {
    expect(functions).toContain('receive-notifications');
    expect(journey.tenant.host!.functions).toEqual(functions);
  });

  it('are told all at once, and nothing that comes meanwhile is lost', async () => {
    const { control, log, storage } = journey;
    const [notified, queued] = [await journey.take(), await journey.take()];
    const since = log.mark();
    const sentBefore = (await control.notifications()).at(-1)?.n ?? 0;
    await control.putPhoto(notified.id, { drawing: 'a new face' });
    const { status } = await eventually('Graph is answered', async () =>
      (await control.notifications(sentBefore)).at(0),
    );
    expect(status).toBe(503);
    const told = log.all('settings-invalid', { function: 'receive-notifications' }, since);
    expect(told).toHaveLength(1);
    expect(told[0]!.problems).toEqual([
      expect.stringMatching(/^TENANT_ID: .*contoso/),
      expect.stringMatching(/^SYNC_MODE: .*aply.*report.*apply/),
      expect.stringMatching(/^GRAPH_URL: .*graph\.example\.com/),
    ]);

    // A message at work counts as well, and it goes only when all that can be seen of its work is done.
    const onlyItsCopyIsLeft = () =>
      eventually(
        'only the copy is left in the queue',
        async () => (await storage.waiting(queueNames.photoChanged)) === 1,
      );
    await storage.send({ personId: queued.id });
    const putBack = await log.next('photo-retry', { personId: queued.id, service: 'settings' }, since);
    expect(putBack).toMatchObject({ attempt: 1, delaySeconds: expect.any(Number) });
    await onlyItsCopyIsLeft();

    await restart({});
    // Graph tries again; the event in the queue comes when its delay is over, which no test can wait for.
    await control.advanceClock(6);
    await journey.inSync(notified.id);
    await onlyItsCopyIsLeft();
    expect(await storage.poisoned()).toBe(0);
  });
});

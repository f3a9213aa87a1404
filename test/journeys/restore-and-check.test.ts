import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { queueNames, tableNames } from '../../src/storage/names';
import { eventually, startJourney, startMs, type Journey, type SimPerson } from '../support/journey';

/**
 * What happens to a picture after it was written: others replace it (row 39 of the fault matrix), an admin wants the one
 * of before back, or the whole app goes. The parts follow one another on one tenant.
 */

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, startMs);
afterAll(() => journey.stop());

/** Somebody whose changed photo the app has written; `before` is as SharePoint showed them until then. */
async function written(kind?: SimPerson['kind']): Promise<{ id: string; before: SimPerson['sharePoint'] }> {
  const { id, sharePoint: before } = await journey.take(kind);
  await journey.control.putPhoto(id, { drawing: 'a new face' });
  await journey.inSync(id);
  await eventually('it is on record', async () => (await journey.storage.person(id))?.dirty === false);
  return { id, before };
}

/** Has the app handle such an event, and waits for what it decides. */
async function decidedOn(id: string, cause: 'check' | 'restore') {
  const since = journey.log.mark();
  await journey.storage.send({ personId: id, cause }, queueNames.photoChangedBacklog);
  return journey.log.next('photo-decided', { personId: id, cause }, since);
}

const shownPath = async (id: string): Promise<string> => {
  const { sharePoint } = await journey.control.user(id);
  return sharePoint?.pictureUrl ? decodeURIComponent(new URL(sharePoint.pictureUrl).pathname) : '';
};
const ownPath = (id: string, letter: string) => `/User Photos/Profilbilder/m365-${id}_${letter}Thumb.jpg`;
const pathOf = (url: string) => decodeURIComponent(new URL(url).pathname);

describe('A check', () => {
  it.concurrent('notes when it found the picture as it was written, and reads only', async () => {
    const { id } = await written();
    const before = await journey.control.lastRequest();
    expect(await decidedOn(id, 'check')).toMatchObject({ plan: 'skip', code: 'unchanged', written: false });
    const row = await journey.storage.person(id);
    expect(row).toMatchObject({ code: 'changed', dirty: false });
    const monthMs = Date.parse(String(row?.checkDueAt)) - Date.parse(String(row?.checkedAt));
    expect(monthMs).toBeGreaterThanOrEqual(30 * 86_400_000);
    const asked = (await journey.control.requests(before)).filter(({ path }) => path.includes(id));
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET']);
  });

  it.concurrent(
    "matrix 39: records a picture that SharePoint's own sync put in its place, and leaves it until the photo changes",
    async () => {
      const { control, storage } = journey;
      const { id } = await written('apostrophe');
      expect(await control.visit(id)).toEqual({ visit: 'pulled' });
      const pulled = await shownPath(id);
      expect(pulled).not.toContain('m365-');
      expect(await decidedOn(id, 'check')).toMatchObject({ plan: 'skip', code: 'overwritten' });
      expect(await decidedOn(id, 'check')).toMatchObject({ plan: 'skip', code: 'overwritten' });
      expect(await shownPath(id)).toBe(pulled);
      expect(await storage.person(id)).toMatchObject({ code: 'overwritten', dirty: false });

      await control.putPhoto(id, { drawing: 'a later face' });
      await journey.inSync(id);
      await eventually('it is on record', async () => (await storage.person(id))?.code === 'changed');
    },
  );

  it.concurrent(
    'matrix 39: has an older photo written over, twice in a month, and then gives in',
    async () => {
      const { control, storage } = journey;
      const { id } = await written();
      // What a worker that stalled inside one request leaves: its bytes arrive after those of the next photo.
      const stalled = await control.shownPicture(id, 'M');
      await control.putPhoto(id, { drawing: 'a later face' });
      await journey.inSync(id);
      const arriveLate = async () => {
        await eventually('it is on record', async () => (await storage.person(id))?.dirty === false);
        await control.putFile(ownPath(id, 'M'), stalled, 'app');
        expect((await control.user(id)).inSync).toBe(false);
      };
      for (let times = 1; times <= 2; times++) {
        await arriveLate();
        expect(await decidedOn(id, 'check')).toMatchObject({ plan: 'apply', code: 'overwritten' });
        await journey.inSync(id);
      }
      await arriveLate();
      expect(await decidedOn(id, 'check')).toMatchObject({ plan: 'skip', code: 'overwritten' });
      const row = await storage.person(id);
      expect(row).toMatchObject({ hold: 'SharePoint keeps overwriting' });
      expect(JSON.parse(String(row?.rewrittenAt))).toHaveLength(2);
    },
  );

  it.concurrent('has a file that is gone written again', async () => {
    const { id } = await written();
    await journey.control.deleteFile(ownPath(id, 'L'));
    expect(await decidedOn(id, 'check')).toMatchObject({ plan: 'apply', code: 'overwritten' });
    await journey.inSync(id);
  });

  it.concurrent("leaves a picture of an admin's in the app's file alone", async () => {
    const { id } = await written();
    const others = await journey.control.shownPicture((await journey.take()).id, 'L');
    await journey.control.putFile(ownPath(id, 'M'), others, 'app');
    expect(await decidedOn(id, 'check')).toMatchObject({ plan: 'skip', code: 'overwritten' });
    expect(await journey.control.shownPicture(id, 'M')).toEqual(others);
    expect(await journey.storage.person(id)).toMatchObject({ dirty: false });
  });
});

describe('A restore', () => {
  it.concurrent(
    'shows the picture of before again, removes the files, and lets nobody write over it',
    async () => {
      const { audit, control, log, storage } = journey;
      const { id, before } = await written();
      expect(await decidedOn(id, 'restore')).toMatchObject({
        plan: 'restore',
        code: 'restored',
        written: true,
      });
      const { sharePoint } = await control.user(id);
      expect(pathOf(sharePoint!.pictureUrl)).toBe(pathOf(before!.pictureUrl));
      expect(sharePoint?.placeholderState).toBe(before?.placeholderState);
      expect(Number(sharePoint?.timestamp)).toBeGreaterThan(Number(before?.timestamp));
      expect(sharePoint?.files).toEqual(before?.files);
      await audit.untouched(id);
      expect(await storage.person(id)).toMatchObject({ hold: 'Restored by an admin', appliedEtag: '' });

      const since = log.mark();
      await control.putPhoto(id, { drawing: 'a later face' });
      await log.next('photo-decided', { personId: id, code: 'held' }, since);
      await audit.untouched(id);

      // The event may be delivered again, or be asked for again.
      await decidedOn(id, 'restore');
      await audit.untouched(id);
    },
  );

  it.concurrent('shows none again where there was none', async () => {
    const { audit, control } = journey;
    const { id, before } = await written('no-mailbox');
    expect(before?.pictureUrl).toBe('');
    expect(await decidedOn(id, 'restore')).toMatchObject({ plan: 'restore', code: 'restored' });
    expect((await control.user(id)).sharePoint).toMatchObject({
      pictureUrl: '',
      placeholderState: before?.placeholderState,
    });
    await audit.untouched(id);
  });

  it.concurrent('goes on where it was cut off between the properties and the files', async () => {
    const { audit, control, log } = journey;
    const { id, before } = await written();
    const recover = await control.addFault({
      service: 'mysite',
      match: `m365-${id}_S.*recycle`,
      status: 503,
    });
    const since = log.mark();
    await journey.storage.send({ personId: id, cause: 'restore' }, queueNames.photoChangedBacklog);
    await log.next('photo-retry', { personId: id }, since);
    expect(await shownPath(id)).toBe(pathOf(before!.pictureUrl));
    await recover();
    await log.next('photo-decided', { personId: id, code: 'restored' }, since);
    await audit.untouched(id);
  });

  it.concurrent('changes nothing where the earlier file is gone', async () => {
    const { audit, control } = journey;
    const { id, before } = await written('percent');
    const path = pathOf(before!.pictureUrl);
    audit.forget(path);
    await control.deleteFile(path);
    const decided = await decidedOn(id, 'restore');
    expect(decided).toMatchObject({
      plan: 'skip',
      code: 'not-restored',
      reason: 'The earlier file is gone.',
    });
    await journey.inSync(id);
  });

  it.concurrent("changes nothing where SharePoint shows another picture than the app's", async () => {
    const { control } = journey;
    const { id } = await written('apostrophe');
    await control.visit(id);
    const pulled = await shownPath(id);
    expect(await decidedOn(id, 'restore')).toMatchObject({ plan: 'skip', code: 'not-restored' });
    expect(await shownPath(id)).toBe(pulled);
  });

  it.concurrent('never follows a row to another host', async () => {
    const { control, storage } = journey;
    const { id } = await written();
    const kept = JSON.parse(String((await storage.person(id))?.earlierProperties)) as Record<string, string>;
    const path = new URL(kept.PictureURL!).pathname;
    await storage.table(tableNames.people).updateEntity(
      {
        partitionKey: id.slice(0, 2),
        rowKey: id,
        earlierProperties: JSON.stringify({ ...kept, PictureURL: `https://evil.example${path}` }),
      },
      'Merge',
    );
    expect(await decidedOn(id, 'restore')).toMatchObject({ plan: 'skip', code: 'not-restored' });
    await journey.inSync(id);
    expect((await control.user(id)).sharePoint?.pictureUrl).not.toContain('evil');
  });

  it.concurrent('is asked for, and told of, by a script', async () => {
    const { id } = await written();
    const { id: other } = await journey.take();
    const run = async (...args: string[]) => {
      const { stdout } = await promisify(execFile)(process.execPath, ['scripts/restore.mjs', ...args], {
        env: { ...process.env, PhotoSyncStorage: journey.tenant.storage.connectionString },
      });
      return stdout;
    };
    const states = JSON.parse(await run(id, other, '--json')) as unknown;
    expect(states).toEqual([
      { id, state: 'restored', reason: 'The picture of before is shown again.' },
      { id: other, state: 'not restored', reason: 'The app has written no picture of this person.' },
    ]);
    await journey.audit.untouched(id);
    expect(await run('--list')).toMatch(new RegExp(`^${id} +restored +The picture of before`, 'm'));
  });
});

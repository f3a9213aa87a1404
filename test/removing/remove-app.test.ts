import { removeApp, type RemoveAppDeps } from '../../src/removing/remove-app';
import { queueNames } from '../../src/storage/names';
import { createPersonTable, type PersonRow } from '../../src/storage/person-table';
import { createRemovalTable } from '../../src/storage/removal-table';
import { personIds } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';
import { recordedQueue } from '../support/recorded-queue';

const now = new Date('2026-11-24T09:00:00Z');
const months = 90 * 24 * 3_600_000;

function setUp(settings: Partial<RemoveAppDeps['settings']> = {}) {
  const table = memoryTable(() => now);
  const clock = movableClock(now.toISOString());
  const controlTable = memoryTable(clock.now);
  const people = createPersonTable(table);
  const removals = createRemovalTable(controlTable);
  const queue = recordedQueue();
  const { log, lines } = recordedLog();
  let ms = 0;
  let left = 0;
  const deps: RemoveAppDeps = {
    settings: { restoresAll: true, sweep: { runMs: 60_000 }, ...settings },
    people,
    removals,
    queue,
    removeSubscriptions: async () => left,
    log,
    monotonicMs: () => ms++,
  };
  return {
    clock,
    controlTable,
    settings: deps.settings,
    queue,
    lines,
    removals,
    run: () => removeApp(deps),
    subscriptionsLeft: (count: number) => (left = count),
    write: async (id: string, row: Partial<PersonRow>) => {
      await people.overwrite(id, row);
      // Beside every person's row is another one, which is no person.
      await people.noteFailure(id, 'x', now);
    },
    asked: () => queue.sent.map(({ event }) => `${event.cause} ${event.personId}`).sort(),
    /** As apply does it: the events go, and the rows say how they ended. */
    async apply(row: Partial<PersonRow>) {
      for (const { event } of queue.sent.splice(0)) await people.overwrite(event.personId, row);
    },
    record: async () => (await removals.readRecord()).record,
  };
}

const [one, two, three] = ['00', 'a0', 'ff'].map((start, n) => start + personIds(3)[n]!.slice(2)) as [
  string,
  string,
  string,
];
const ours = { appliedEtag: '"a"', earlierProperties: '{}' };
const restored = { appliedEtag: '', earlierProperties: '', code: 'restored' };

describe('Taking the app out', () => {
  it('queues a restore for everybody with a picture of it, and is done when all are decided', async () => {
    const { write, run, asked, apply, record, lines } = setUp();
    await write(one, ours);
    await write(two, ours);
    await write(three, { seenEtag: '"a"', code: 'baseline' });
    await run();
    expect(asked()).toEqual([`restore ${one}`, `restore ${two}`]);
    expect(await record()).toMatchObject({ doneAt: '', open: 2 });

    await apply(restored);
    await run();
    expect(await record()).toEqual({
      doneAt: now.toISOString(),
      restoresAll: true,
      subscriptionsLeft: 0,
      restored: 2,
      notRestored: 0,
      open: 0,
    });
    expect(asked()).toEqual([]);
    await run();
    expect(lines.filter(({ event }) => event === 'removal-done')).toHaveLength(1);
  });

  it('asks nobody again while events of the last round are in the queue', async () => {
    const { write, run, asked, lines } = setUp();
    await write(one, ours);
    await run();
    await run();
    expect(asked()).toEqual([`restore ${one}`]);
    expect(lines.at(-1)).toMatchObject({ event: 'removal-waiting' });
  });

  it('asks again for whom an event was lost', async () => {
    const { write, run, asked, queue } = setUp();
    await write(one, ours);
    await run();
    queue.sent.length = 0;
    await run();
    expect(asked()).toEqual([`restore ${one}`]);
  });

  it('counts who could not be restored, and does not ask again', async () => {
    const { write, run, apply, record } = setUp();
    await write(one, ours);
    await run();
    await apply({ code: 'not-restored', decidedAt: now.toISOString() });
    await run();
    expect(await record()).toMatchObject({ doneAt: now.toISOString(), notRestored: 1, open: 0 });
  });

  it.each([
    { when: 'begins anew', code: 'not-restored', then: { doneAt: '', open: 1 } },
    { when: 'is done anew', code: 'restored', then: { doneAt: '2027-02-22T09:00:00.000Z', open: 0 } },
  ])('$when where everybody is to be restored after all', async ({ code, then }) => {
    const { write, run, record, lines, settings, clock, removals } = setUp({ restoresAll: false });
    const decidedAt = now.toISOString();
    await write(one, code === 'restored' ? { ...restored, decidedAt } : { ...ours, code, decidedAt });
    await run();
    expect(await record()).toMatchObject({ doneAt: now.toISOString(), restoresAll: false });
    clock.advance(months);
    settings.restoresAll = true;
    await run();
    expect(await record()).toMatchObject({ ...then, restoresAll: true });
    expect((await removals.read()).row).toMatchObject({ startedAt: '2027-02-22T09:00:00.000Z' });
    expect(lines.filter(({ event }) => event === 'removal-done')).toHaveLength(then.doneAt ? 2 : 1);
  });

  it('takes back at once what is on record of before, and waits for the queue all the same', async () => {
    const { write, run, record, settings, queue, asked } = setUp({ restoresAll: false });
    await write(one, ours);
    await run();
    const correlationId = 'x';
    const event = { personId: two, cause: 'sweep', force: false, attempt: 0, correlationId } as const;
    await queue.send(queueNames.photoChangedBacklog, event);
    settings.restoresAll = true;
    await run();
    expect(await record()).toMatchObject({ doneAt: '', restoresAll: true });
    expect(asked()).toEqual([`sweep ${two}`]);
  });

  it('begins anew after the app worked again', async () => {
    const { write, run, record, removals, clock, lines, apply } = setUp();
    await write(one, ours);
    await run();
    await apply({ ...restored, decidedAt: now.toISOString() });
    await run();
    expect(await record()).toMatchObject({ doneAt: now.toISOString() });
    await removals.forget();
    expect(await record()).toBeUndefined();
    clock.advance(months);
    await write(one, { ...ours, code: 'not-restored', decidedAt: now.toISOString() });
    await run();
    expect(await record()).toMatchObject({ doneAt: '', open: 1 });
    await apply({ ...restored, decidedAt: clock.now().toISOString() });
    await run();
    expect(await record()).toMatchObject({ doneAt: clock.now().toISOString(), restored: 1 });
    expect(lines.filter(({ event }) => event === 'removal-done')).toHaveLength(2);
  });

  it('leaves all pictures where nobody asked for a restore', async () => {
    const { write, run, asked, record } = setUp({ restoresAll: false });
    await write(one, ours);
    await run();
    expect(asked()).toEqual([]);
    expect(await record()).toMatchObject({ doneAt: now.toISOString(), restored: 0, notRestored: 1 });
  });

  it('is not done while a subscription may be left', async () => {
    const { run, record, subscriptionsLeft } = setUp();
    subscriptionsLeft(1);
    await run();
    expect(await record()).toMatchObject({ doneAt: '', subscriptionsLeft: 1 });
    subscriptionsLeft(0);
    await run();
    expect(await record()).toMatchObject({ doneAt: now.toISOString(), subscriptionsLeft: 0 });
  });

  it('goes on in the next run where its time was up', async () => {
    const { write, run, asked, removals } = setUp({ sweep: { runMs: 100 } });
    await write(one, ours);
    await write(three, ours);
    await run();
    expect(asked()).toEqual([`restore ${one}`]);
    for (let runs = 0; runs < 2; runs++) await run();
    expect(asked()).toEqual([`restore ${one}`, `restore ${three}`]);
    expect((await removals.read()).row).toMatchObject({ open: 2 });
  });

  it('goes on where it was killed, and counts nobody twice', async () => {
    const { write, run, controlTable, removals, asked } = setUp();
    for (const id of [one, two, three]) await write(id, ours);
    let writes = 0;
    controlTable.before = (call) => {
      if (call === 'write' && ++writes === 200) throw new Error('killed');
    };
    await expect(run()).rejects.toThrow('killed');
    controlTable.before = () => undefined;
    await run();
    expect((await removals.read()).row).toMatchObject({ open: 3 });
    expect(new Set(asked()).size).toBe(3);
  });

  it('leaves it to the other run where two meet', async () => {
    const { write, run, controlTable, removals, record } = setUp();
    await write(one, ours);
    let isMet = false;
    controlTable.before = async (call) => {
      if (call !== 'write' || isMet) return;
      isMet = true;
      await run();
    };
    await run();
    expect((await removals.read()).row).toMatchObject({ partition: 256, open: 1 });
    expect(await record()).toMatchObject({ open: 1 });
  });
});

import type { PhotoEvent } from '../../src/photos/photo-event';
import type { ApplyDeps, Run } from '../../src/photos/run';
import { foldDelayedLook, foldNotification } from '../../src/photos/fold-looks';
import { lookSecondTime } from '../../src/photos/second-look';
import { createPersonTable } from '../../src/storage/person-table';
import { alex } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedQueue } from '../support/recorded-queue';

const event: PhotoEvent = {
  personId: alex,
  cause: 'notification',
  force: false,
  attempt: 0,
  correlationId: 'call-1',
};

/** Second looks 120 s and 900 s after the first, where nothing else is said. */
function setUp({ mode = 'apply', secondLookSeconds = [120, 900] } = {}) {
  const clock = movableClock();
  const people = createPersonTable(memoryTable(clock.now));
  const queue = recordedQueue();
  const deps = { people, queue, settings: { mode, secondLookSeconds } } as unknown as ApplyDeps;
  const delivery = { queue: 'photo-changed', dequeueCount: 1, insertedAt: clock.now() } as const;
  const after = (looked: PhotoEvent) =>
    lookSecondTime(deps, { event: looked, delivery } as unknown as Run, clock.now());
  return { clock, people, queue, delivery, after };
}

describe('After a look that found nothing changed', () => {
  it('the person is looked at again, each time of the list after the first look', async () => {
    const { clock, queue, after } = setUp();
    const first = clock.now().getTime();
    const dueAt = (seconds: number) => new Date(first + seconds * 1000).toISOString();
    await after(event);
    expect(queue.sent).toMatchObject([
      { delaySeconds: 120, event: { cause: 'second-look', lookNumber: 0, dueAt: dueAt(120), force: false } },
    ]);
    // It is carried out a little late.
    clock.advance(125_000);
    await after(queue.sent[0]!.event);
    expect(queue.sent[1]).toMatchObject({
      delaySeconds: 775,
      event: { cause: 'second-look', lookNumber: 1, dueAt: dueAt(900), correlationId: 'call-1' },
    });
    clock.advance(775_000);
    await after(queue.sent[1]!.event);
    expect(queue.sent).toHaveLength(2);
  });

  it.each([
    { cause: 'delayed-look', then: 1 },
    { cause: 'retry', then: 1 },
    { cause: 'sweep', then: 0 },
    { cause: 'admin', then: 0 },
    { cause: 'confirm', then: 0 },
  ] as const)('of a $cause there are $then', async ({ cause, then }) => {
    const { queue, after } = setUp();
    await after({ ...event, cause });
    expect(queue.sent).toHaveLength(then);
  });

  it.each([{ mode: 'report' }, { secondLookSeconds: [] }])('there is none with %j', async (settings) => {
    const { queue, after } = setUp(settings);
    await after(event);
    expect(queue.sent).toEqual([]);
  });

  it('a later one that is on its way stands for it', async () => {
    const { clock, people, queue, after } = setUp();
    const later = new Date(clock.now().getTime() + 121_000);
    await people.writeLook(alex, undefined, { secondLookAt: later });
    await after(event);
    expect(queue.sent).toEqual([]);
  });

  it('an earlier one does not', async () => {
    const { clock, queue, after } = setUp();
    await after(event);
    clock.advance(11_000);
    await after(event);
    expect(queue.sent).toHaveLength(2);
  });
});

describe('A second look', () => {
  it('that is minutes away never stands for a notification', async () => {
    const { clock, people, queue, delivery, after } = setUp();
    const deps = { people, queue, coalesceMs: 10_000, missingUserMs: 600_000 };
    expect(await foldNotification(deps, event, delivery)).toBe('look');
    await after(event);
    clock.advance(1000);
    expect(await foldNotification(deps, event, { ...delivery, insertedAt: clock.now() })).toBe('folded');
    expect(queue.sent.map(({ event: { cause }, delaySeconds }) => ({ cause, delaySeconds }))).toEqual([
      { cause: 'second-look', delaySeconds: 120 },
      { cause: 'delayed-look', delaySeconds: 10 },
    ]);
  });

  it('is left out if a look began after it was due, and only then', async () => {
    const { clock, people, queue, after } = setUp();
    await after(event);
    const second = queue.sent[0]!.event;
    clock.advance(119_000);
    await people.writeLook(alex, (await people.readLook(alex)).token, {
      lookingSince: clock.now(),
      lookingBy: 'another',
    });
    expect(await foldDelayedLook(people, second)).toBe('look');
    clock.advance(2000);
    await people.writeLook(alex, (await people.readLook(alex)).token, {
      lookingSince: clock.now(),
      lookingBy: 'another',
    });
    expect(await foldDelayedLook(people, second)).toBe('looked');
  });
});

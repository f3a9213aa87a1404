import { ServiceFailure } from '../../src/errors';
import { foldDelayedLook, foldNotification } from '../../src/photos/fold-looks';
import type { PhotoEvent } from '../../src/photos/photo-event';
import { createPersonTable, type PersonTable } from '../../src/storage/person-table';
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

/** Looks are folded within 10 s, of ids that Entra does not know within 600 s. */
function setUp() {
  const clock = movableClock();
  const people = createPersonTable(memoryTable(clock.now));
  const queue = recordedQueue();
  const deps = { people, queue, coalesceMs: 10_000, missingUserMs: 600_000 };
  const fold = (insertedAt = clock.now(), table = people) =>
    foldNotification({ ...deps, people: table }, event, {
      queue: 'photo-changed',
      dequeueCount: 1,
      insertedAt,
    });
  const sent = () => queue.sent.map(({ event: { cause }, delaySeconds }) => ({ cause, delaySeconds }));
  return { clock, people, queue, fold, sent };
}

describe('A notification', () => {
  it('about a person never looked at gets a look', async () => {
    const { fold, sent } = setUp();
    expect(await fold()).toBe('look');
    expect(sent()).toEqual([]);
  });

  it('within 10 s of a look is folded into one delayed look', async () => {
    const { fold, sent, clock } = setUp();
    await fold();
    clock.advance(4000);
    expect(await fold()).toBe('folded');
    expect(sent()).toEqual([{ cause: 'delayed-look', delaySeconds: 10 }]);
  });

  it('is folded with a hundred others into that one delayed look', async () => {
    const { fold, sent, clock } = setUp();
    const outcomes: string[] = [];
    for (let n = 0; n < 100; n++) {
      outcomes.push(await fold());
      clock.advance(50);
    }
    expect(outcomes).toEqual(['look', ...new Array<string>(99).fill('folded')]);
    expect(sent()).toHaveLength(1);
  });

  it('10 s after a look gets a look again', async () => {
    const { fold, clock } = setUp();
    await fold();
    clock.advance(9999);
    expect(await fold()).toBe('folded');
    clock.advance(1);
    expect(await fold()).toBe('look');
  });

  it('sent after the delayed look was due needs one of its own', async () => {
    const { fold, sent, clock } = setUp();
    await fold();
    await fold();
    clock.advance(10_000);
    expect(await fold()).toBe('look');
    clock.advance(1000);
    expect(await fold()).toBe('folded');
    expect(sent()).toHaveLength(2);
  });

  it('that lay in the queue until after the delayed look was due is not folded into that one', async () => {
    const { people, fold, sent, clock } = setUp();
    const now = clock.now();
    await people.writeLook(alex, undefined, { lookingSince: now, nextLookAt: now });
    expect(await fold(now)).toBe('folded');
    expect(sent()).toHaveLength(1);
  });

  it('makes a delayed look that is due after it by any clock, however short the time to share a look is', async () => {
    const { people, queue, fold, clock } = setUp();
    await people.writeLook(alex, undefined, { lookingSince: clock.now(), lookingBy: 'another' });
    // Storage's queue is ahead of its table.
    const insertedAt = new Date(clock.now().getTime() + 9000);
    await fold(insertedAt);
    const [sent] = queue.sent;
    expect(Date.parse(sent!.event.dueAt!) - insertedAt.getTime()).toBeGreaterThanOrEqual(2000);
    expect(sent!.delaySeconds).toBe(11);
  });

  it('makes a delayed look that tells when it was sent itself', async () => {
    const { fold, queue, clock } = setUp();
    await fold();
    clock.advance(3000);
    await fold(new Date('2026-11-24T09:00:01Z'));
    expect(queue.sent[0]).toMatchObject({
      queue: 'photo-changed',
      event: { personId: alex, firstSeenAt: '2026-11-24T09:00:01.000Z', correlationId: 'call-1', attempt: 0 },
    });
  });
});

describe('A notification needs no look', () => {
  it.each([
    { when: 'a look began 2.001 s after it was sent', seconds: 2.001, dirty: false, then: 'looked' },
    { when: 'a look began 2 s after it was sent', seconds: 2, dirty: false, then: 'look' },
    { when: 'a look began as it was sent', seconds: 0, dirty: false, then: 'look' },
    { when: 'a look began before it was sent', seconds: -5, dirty: false, then: 'look' },
    { when: 'a look began later but the write did not finish', seconds: 60, dirty: true, then: 'look' },
  ])('$then: $when', async ({ seconds, dirty, then }) => {
    const { people, fold, clock } = setUp();
    const lookStartedAt = new Date(clock.now().getTime() + seconds * 1000).toISOString();
    await people.overwrite(alex, { lookStartedAt, dirty });
    expect(await fold()).toBe(then);
  });

  it.each(['', 'soon'])('never on the word of a row that says %j', async (lookStartedAt) => {
    const { people, fold } = setUp();
    await people.overwrite(alex, { lookStartedAt });
    expect(await fold()).toBe('look');
  });
});

describe('An id that Entra does not know', () => {
  it('gets one look in ten minutes, however often it is sent', async () => {
    const { people, fold, sent, clock } = setUp();
    expect(await fold()).toBe('look');
    await people.overwrite(alex, { code: 'no-account' });
    for (let n = 0; n < 59; n++) {
      clock.advance(10_000);
      expect(await fold()).toBe('folded');
    }
    expect(sent()).toEqual([{ cause: 'delayed-look', delaySeconds: 600 }]);
    clock.advance(10_000);
    expect(await fold()).toBe('look');
  });
});

describe('Of two workers with the same person at once', () => {
  it('one looks and the other folds', async () => {
    const { fold, sent } = setUp();
    expect((await Promise.all([fold(), fold()])).sort()).toEqual(['folded', 'look']);
    expect(sent()).toHaveLength(1);
  });

  it('each may send a delayed look, of which one is then carried out', async () => {
    const { fold, queue, people, clock } = setUp();
    await fold();
    clock.advance(1000);
    expect(await Promise.all([fold(), fold(), fold()])).toEqual(['folded', 'folded', 'folded']);
    clock.advance(10_000);
    const delayed = await Promise.all(queue.sent.map(({ event: look }) => foldDelayedLook(people, look)));
    expect(delayed.filter((folding) => folding === 'look')).toHaveLength(1);
  });
});

describe('A delayed look', () => {
  const dueAt = new Date('2026-11-24T09:00:10Z');
  const delayedLook: PhotoEvent = { ...event, cause: 'delayed-look', dueAt: dueAt.toISOString() };
  const seconds = (count: number) => new Date(dueAt.getTime() + count * 1000);

  it.each([
    { when: 'nobody looked', lookingSince: undefined, then: 'look' },
    { when: 'a look began before it was due', lookingSince: seconds(-1), then: 'look' },
    { when: 'a look began as it was due', lookingSince: seconds(0), then: 'looked' },
    { when: 'a look began after it was due', lookingSince: seconds(5), then: 'looked' },
  ])('$then: $when', async ({ lookingSince, then }) => {
    const { people } = setUp();
    if (lookingSince) await people.writeLook(alex, undefined, { lookingSince, lookingBy: 'another' });
    expect(await foldDelayedLook(people, delayedLook)).toBe(then);
  });

  it.each(['', 'soon', undefined])('is carried out when it says %j of when it is due', async (dueAt) => {
    const { people } = setUp();
    await people.writeLook(alex, undefined, { lookingSince: seconds(5), lookingBy: 'another' });
    expect(await foldDelayedLook(people, { ...delayedLook, dueAt })).toBe('look');
  });
});

it.each([
  { what: 'notification', fold: 'fold' },
  { what: 'delayed look', fold: 'foldDelayed' },
] as const)('A $what whose own note was written, though the answer was lost, looks', async ({ fold }) => {
  const given = setUp();
  const { people, clock } = given;
  let isLost = false;
  const forgetful: PersonTable = {
    ...people,
    async writeLook(personId, token, changes) {
      const written = await people.writeLook(personId, token, changes);
      if (isLost) return written;
      isLost = true;
      return undefined;
    },
  };
  const dueAt = clock.now().toISOString();
  clock.advance(1000);
  const folds = {
    fold: () => given.fold(clock.now(), forgetful),
    foldDelayed: () => foldDelayedLook(forgetful, { ...event, cause: 'delayed-look', dueAt }),
  };
  expect(await folds[fold]()).toBe('look');
  expect(isLost).toBe(true);
  expect(given.sent()).toEqual([]);
});

it('A delayed look that could not be sent fails the message, which then comes again', async () => {
  const { fold, queue } = setUp();
  await fold();
  queue.before = () => {
    throw new ServiceFailure('storage', 'down');
  };
  await expect(fold()).rejects.toThrow(ServiceFailure);
});

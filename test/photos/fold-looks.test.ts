import { ServiceFailure } from '../../src/errors';
import { foldLooks } from '../../src/photos/fold-looks';
import type { PhotoEvent } from '../../src/photos/photo-event';
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

/** Looks are folded within 10 s, of ids that Entra does not know within 600 s. */
function setUp() {
  const clock = movableClock();
  const table = memoryTable(clock.now);
  const people = createPersonTable(table);
  const queue = recordedQueue();
  const deps = { people, queue, coalesceMs: 10_000, missingUserMs: 600_000 };
  const fold = (insertedAt = clock.now()) =>
    foldLooks(deps, event, { queue: 'photo-changed', dequeueCount: 1, insertedAt });
  const sent = () => queue.sent.map(({ event: { cause }, delaySeconds }) => ({ cause, delaySeconds }));
  return { clock, table, people, queue, fold, sent };
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

  it('one sends the delayed look', async () => {
    const { fold, sent } = setUp();
    await fold();
    expect(await Promise.all([fold(), fold(), fold()])).toEqual(['folded', 'folded', 'folded']);
    expect(sent()).toHaveLength(1);
  });
});

it('A delayed look that could not be sent fails the message, which then comes again', async () => {
  const { fold, queue } = setUp();
  await fold();
  queue.before = () => {
    throw new ServiceFailure('storage', 'down');
  };
  await expect(fold()).rejects.toThrow(ServiceFailure);
});

import { ServiceFailure } from '../../src/errors';
import type { PhotoEvent } from '../../src/photos/photo-event';
import { putBack } from '../../src/photos/put-back';
import { alex } from '../support/ids';
import { recordedLog } from '../support/recorded-log';
import { recordedQueue } from '../support/recorded-queue';

const insertedAt = new Date('2026-11-24T09:00:00Z');

async function putBackOnce(
  given: {
    event?: Partial<PhotoEvent>;
    force?: boolean;
    retryAfterSeconds?: number;
    random?: number;
    retrySeconds?: number[];
    queue?: 'photo-changed' | 'photo-changed-backlog';
  } = {},
) {
  const queue = recordedQueue();
  const { log, lines } = recordedLog();
  const { retrySeconds = [60, 120, 300, 900, 3600], random = 0, force = false } = given;
  const event: PhotoEvent = {
    personId: alex,
    cause: 'notification',
    force: false,
    attempt: 0,
    correlationId: 'call-1',
    ...given.event,
  };
  const failure = new ServiceFailure('Graph', 'Graph asks us to slow down (429).', {
    status: 429,
    retryAfterSeconds: given.retryAfterSeconds,
  });
  await putBack(
    { queue, log, settings: { retrySeconds }, random: () => random },
    { event, delivery: { queue: given.queue ?? 'photo-changed', dequeueCount: 1, insertedAt }, force },
    { reason: failure.message, failure },
  );
  expect(queue.sent).toHaveLength(1);
  return { ...queue.sent[0]!, lines };
}

describe('The delay of a copy', () => {
  it.each([
    { when: 'it is the first', given: {}, then: 60 },
    { when: 'it is the second', given: { event: { attempt: 1 } }, then: 120 },
    { when: 'it is the third', given: { event: { attempt: 2 } }, then: 300 },
    { when: 'it is the fourth', given: { event: { attempt: 3 } }, then: 900 },
    { when: 'it is the fifth', given: { event: { attempt: 4 } }, then: 3600 },
    { when: 'it is the thousandth', given: { event: { attempt: 999 } }, then: 3600 },
    { when: 'the service asked for less', given: { retryAfterSeconds: 7 }, then: 7 },
    { when: 'the service asked for more', given: { retryAfterSeconds: 5000 }, then: 5000 },
    { when: 'the service asked for no wait', given: { retryAfterSeconds: 0 }, then: 1 },
    { when: 'the service asked for a fraction', given: { retryAfterSeconds: 1.2 }, then: 2 },
    {
      when: 'the service asked for more than a queue can do',
      given: { retryAfterSeconds: 1e9 },
      then: 518_400,
    },
    { when: 'chance is at its most', given: { random: 0.999_999 }, then: 66 },
    {
      when: 'chance is at its most and the service asked',
      given: { random: 0.999_999, retryAfterSeconds: 100 },
      then: 110,
    },
    {
      when: 'chance would lift it over what a queue can do',
      given: { random: 0.999_999, retryAfterSeconds: 518_000 },
      then: 518_400,
    },
    { when: 'the setting says so', given: { retrySeconds: [3] }, then: 3 },
    { when: 'the setting is empty', given: { retrySeconds: [] }, then: 60 },
  ])('is $then s when $when', async ({ given, then }) => {
    expect((await putBackOnce(given)).delaySeconds).toBe(then);
  });

  it('is never shorter than asked for and at most a tenth longer', async () => {
    for (let random = 0; random < 1; random += 0.01) {
      const { delaySeconds } = await putBackOnce({ random, retryAfterSeconds: 1000 });
      expect(delaySeconds).toBeGreaterThanOrEqual(1000);
      expect(delaySeconds).toBeLessThanOrEqual(1100);
    }
  });
});

describe('The copy', () => {
  it.each([
    { of: 'notification', is: 'retry' },
    { of: 'delayed-look', is: 'retry' },
    { of: 'retry', is: 'retry' },
    { of: 'sweep', is: 'sweep' },
    { of: 'admin', is: 'admin' },
  ] as const)('of an event by $of is one by $is', async ({ of, is }) => {
    expect((await putBackOnce({ event: { cause: of } })).event.cause).toBe(is);
  });

  it.each([true, false])('carries the force it is given: %s', async (force) => {
    expect((await putBackOnce({ force })).event.force).toBe(force);
  });

  it('counts one attempt more', async () => {
    expect((await putBackOnce({ event: { attempt: 4 } })).event.attempt).toBe(5);
  });

  it('keeps the person and the correlation', async () => {
    expect((await putBackOnce()).event).toMatchObject({ personId: alex, correlationId: 'call-1' });
  });

  it('of a first message tells when that was queued', async () => {
    expect((await putBackOnce()).event.firstSeenAt).toBe('2026-11-24T09:00:00.000Z');
  });

  it('of a copy tells when the first was queued', async () => {
    const firstSeenAt = '2026-11-20T00:00:00.000Z';
    expect((await putBackOnce({ event: { firstSeenAt, attempt: 7 } })).event.firstSeenAt).toBe(firstSeenAt);
  });

  it.each(['photo-changed', 'photo-changed-backlog'] as const)(
    'goes to the queue it came from: %s',
    async (queue) => {
      expect((await putBackOnce({ queue })).queue).toBe(queue);
    },
  );

  it('is told in the log, with what failed and when it comes again', async () => {
    expect((await putBackOnce({ retryAfterSeconds: 9 })).lines).toEqual([
      {
        level: 'warn',
        event: 'photo-retry',
        personId: alex,
        service: 'Graph',
        status: 429,
        reason: 'Graph asks us to slow down (429).',
        delaySeconds: 9,
        attempt: 1,
        correlationId: 'call-1',
      },
    ]);
  });
});

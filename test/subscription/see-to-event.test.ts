import { ServiceFailure } from '../../src/errors';
import { createEventNotes } from '../../src/storage/event-notes';
import { createSubscriptionTable } from '../../src/storage/subscription-table';
import { seeToEvent } from '../../src/subscription/see-to-event';
import type { SubscriptionEvent } from '../../src/subscription/subscription-event';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';
import { recordedQueue } from '../support/recorded-queue';
import { graphInMemory } from './graph-in-memory';

type Events = SubscriptionEvent['events'];

function setUp() {
  const clock = movableClock();
  const graph = graphInMemory(clock.now);
  const queue = recordedQueue();
  const { log, lines } = recordedLog();
  const requestSweep = jest.fn(async (_reason: string) => undefined);
  const notesTable = memoryTable(clock.now);
  const deps = {
    settings: {
      mode: 'apply' as const,
      rightsGranted: true,
      notificationUrl: 'https://photos.example/api/notifications',
      lifecycleUrl: 'https://photos.example/api/lifecycle',
      subscriptionLifetimeMinutes: 40_320,
      lifecycleIntervalMs: 600_000,
      retrySeconds: [60, 120],
    },
    rows: createSubscriptionTable(memoryTable(clock.now)),
    graph,
    warmEndpoint: async () => undefined,
    requestSweep,
    notes: createEventNotes(notesTable),
    queue,
    log,
  };
  const see = (events: Events, { attempt = 0, dequeueCount = 1, insertedAt = clock.now() } = {}) =>
    seeToEvent(deps, { events, attempt, correlationId: 'call-1' }, { dequeueCount, insertedAt });
  return { clock, graph, queue, lines, requestSweep, see, notesTable };
}

const message = (events: Events, attempt = 0) => ({
  version: 1,
  subscriptionEvent: { events, attempt, correlationId: 'call-1' },
});

describe('What Graph tells', () => {
  it('32: reauthorizationRequired renews the subscription, and no sweep is needed', async () => {
    const { see, graph, requestSweep, clock } = setUp();
    await see(['reauthorizationRequired']);
    expect(graph.create).toHaveBeenCalledTimes(1);
    clock.advance(600_000);
    await see(['reauthorizationRequired']);
    expect(graph.renew).toHaveBeenCalledTimes(1);
    expect(requestSweep).not.toHaveBeenCalled();
  });

  it.each([{ event: 'missed' as const }, { event: 'subscriptionRemoved' as const }])(
    '32: $event makes one where it is gone, and one sweep',
    async ({ event }) => {
      const { see, graph, requestSweep, clock } = setUp();
      await see([event]);
      graph.listed.length = 0;
      clock.advance(600_000);
      await see([event]);
      expect(graph.listed).toHaveLength(1);
      expect(requestSweep).toHaveBeenCalledTimes(2);
    },
  );

  it('in a flood leads to one round of work an interval, and the last of it is not lost', async () => {
    const { see, graph, queue, clock, requestSweep } = setUp();
    for (let n = 0; n < 100; n++) await see(['subscriptionRemoved']);
    expect(graph.list).toHaveBeenCalledTimes(2);
    expect(requestSweep).toHaveBeenCalledTimes(1);
    expect(queue.messages).toHaveLength(99);
    expect(queue.messages[0]).toEqual({
      queue: 'subscription-event',
      message: message(['subscriptionRemoved']),
      delaySeconds: 600,
    });
    const insertedAt = clock.now();
    clock.advance(600_000);
    for (let n = 0; n < 99; n++) await see(['subscriptionRemoved'], { insertedAt });
    expect(requestSweep).toHaveBeenCalledTimes(2);
    expect(queue.messages).toHaveLength(99);
  });

  it('that Graph is to be authorised anew is not lost in a flood of the others', async () => {
    const { see, graph } = setUp();
    await see(['missed']);
    await see(['reauthorizationRequired']);
    expect(graph.renew).toHaveBeenCalledTimes(1);
  });

  it('comes back when Graph fails, later each time, and costs no try', async () => {
    const { see, graph, queue, lines } = setUp();
    graph.list.mockRejectedValueOnce(new ServiceFailure('Graph', 'Graph is not well.', { status: 503 }));
    await see(['missed'], { attempt: 1 });
    expect(queue.messages).toEqual([
      { queue: 'subscription-event', message: message(['missed'], 2), delaySeconds: 120 },
    ]);
    expect(lines.at(-1)).toMatchObject({ event: 'subscription-event-retry', status: 503, delaySeconds: 120 });
  });

  it('comes back when Graph asks to wait, then', async () => {
    const { see, graph, queue } = setUp();
    const failure = new ServiceFailure('Graph', 'Slow down.', { status: 429, retryAfterSeconds: 33 });
    graph.list.mockRejectedValueOnce(failure);
    await see(['missed']);
    expect(queue.messages[0]?.delaySeconds).toBe(33);
  });

  it('comes back when somebody else begins at the same moment', async () => {
    const { see, graph, queue, notesTable } = setUp();
    notesTable.before = async (call) => {
      if (call !== 'write') return;
      notesTable.before = () => undefined;
      await notesTable.overwrite('subscription-events', 'lost', { begunAt: '2026-11-24T09:00:00.000Z' });
    };
    await see(['missed']);
    expect(graph.list).not.toHaveBeenCalled();
    expect(queue.messages).toHaveLength(1);
  });
});

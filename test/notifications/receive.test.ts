import { ServiceFailure } from '../../src/errors';
import { sha256Hex } from '../../src/notifications/client-state';
import { createKnownSubscriptions } from '../../src/notifications/known-subscriptions';
import { receiveNotifications } from '../../src/notifications/receive';
import { createRefusalLog } from '../../src/notifications/refusal-log';
import { createSubscriptionTable } from '../../src/storage/subscription-table';
import { alex, bea, personIds, tenantId } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { notification, secret, subscriptionId } from '../support/notification';
import { recordedLog } from '../support/recorded-log';
import { recordedQueue } from '../support/recorded-queue';

/** The receiver with one subscription, on storage in memory. */
async function setUp({ timeoutMs = 2500 } = {}) {
  const clock = movableClock();
  const table = memoryTable(clock.now);
  const rows = createSubscriptionTable(table);
  const validUntil = new Date(clock.now().getTime() + 86_400_000);
  const row = await rows.addPending({ secretSha256: sha256Hex(secret), createdAt: clock.now(), validUntil });
  await rows.bind(row, subscriptionId);
  const queue = recordedQueue();
  const { log, lines, text } = recordedLog();
  const deps = {
    tenantId,
    subscriptions: createKnownSubscriptions(rows, clock.monotonicMs),
    queue,
    refusals: createRefusalLog(clock.monotonicMs),
    log,
    timeoutMs,
  };
  const post = (items: unknown[]) => postBody(JSON.stringify({ value: items }));
  const postBody = (body: string) =>
    receiveNotifications(
      deps,
      {
        header: (name) => (name === 'content-type' ? 'application/json' : null),
        body: async () => new TextEncoder().encode(body),
      },
      'call-1',
    );
  return { table, rows, queue, lines, text, clock, post, postBody };
}

const accepted = { status: 202, headers: {}, body: '' };
const failed = { status: 503, headers: expect.objectContaining({ 'Retry-After': '10' }) };
const never = () => new Promise<void>(() => undefined);
const untilAborted = (signal: AbortSignal | undefined) =>
  new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new ServiceFailure('storage', 'The send was aborted.'));
    });
  });

describe('Notifications', () => {
  it('are queued, one event a person, and accepted', async () => {
    const { post, queue, lines } = await setUp();
    const answer = await post([
      notification(),
      notification({ personId: bea }),
      notification({ personId: alex.toUpperCase() }),
    ]);
    expect(answer).toEqual(accepted);
    expect(queue.sent).toEqual(
      [alex, bea].map((personId) => ({
        queue: 'photo-changed',
        delaySeconds: 0,
        event: { personId, cause: 'notification', force: false, attempt: 0, correlationId: 'call-1' },
      })),
    );
    expect(lines).toEqual([
      {
        level: 'info',
        event: 'notifications-received',
        items: 3,
        events: 2,
        refused: 0,
        correlationId: 'call-1',
      },
    ]);
  });

  it('of 1,000 people make 1,000 events, never more than 16 sends at once', async () => {
    const { post, queue } = await setUp();
    let atOnce = 0;
    let most = 0;
    queue.before = async () => {
      most = Math.max(most, ++atOnce);
      await new Promise(setImmediate);
      atOnce--;
    };
    const ids = personIds(1000);
    expect(await post(ids.map((personId) => notification({ personId })))).toEqual(accepted);
    expect(new Set(queue.sent.map(({ event }) => event.personId))).toEqual(new Set(ids));
    expect(queue.sent).toHaveLength(1000);
    expect(most).toBe(16);
  });

  it('that are none are accepted without a look into storage', async () => {
    const { post, table, queue } = await setUp();
    table.before = never;
    expect(await post([])).toEqual(accepted);
    expect(queue.sent).toEqual([]);
  });

  it.each([1, 3, 5])('are answered with 503 when send %i of five fails', async (failing) => {
    const { post, queue, lines } = await setUp();
    queue.before = (count) => {
      if (count === failing) throw new ServiceFailure('storage', 'Azure Storage failed.', { status: 500 });
    };
    expect(await post(personIds(5).map((personId) => notification({ personId })))).toMatchObject(failed);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'notifications-not-queued',
        reason: 'Azure Storage failed.',
      }),
    ]);
  });

  it.each([
    {
      when: 'the table does not answer',
      slow: (parts: Awaited<ReturnType<typeof setUp>>) => (parts.table.before = never),
    },
    {
      when: 'the queue does not answer',
      slow: (parts: Awaited<ReturnType<typeof setUp>>) =>
        (parts.queue.before = (_count, signal) => untilAborted(signal)),
    },
    {
      when: 'the token for the queue does not come, which no signal ends',
      slow: (parts: Awaited<ReturnType<typeof setUp>>) => (parts.queue.before = never),
    },
  ])('are answered with 503 within their own limit when $when', async ({ slow }) => {
    const parts = await setUp({ timeoutMs: 50 });
    slow(parts);
    expect(await parts.post([notification()])).toMatchObject(failed);
    expect(parts.queue.sent).toEqual([]);
    expect(parts.lines.map(({ event }) => event)).toEqual(['notifications-not-queued']);
  });

  it('are answered with 503 when the table is down', async () => {
    const { post, table, queue } = await setUp();
    table.before = () => {
      throw new ServiceFailure('storage', 'Azure Storage failed.');
    };
    expect(await post([notification()])).toMatchObject(failed);
    expect(queue.sent).toEqual([]);
  });

  it('that come again after a 503 are queued again', async () => {
    const { post, queue } = await setUp();
    queue.before = (count) => {
      if (count === 1) throw new ServiceFailure('storage', 'down');
    };
    const items = personIds(3).map((personId) => notification({ personId }));
    expect(await post(items)).toMatchObject(failed);
    expect(await post(items)).toEqual(accepted);
    expect(new Set(queue.sent.map(({ event }) => event.personId))).toEqual(new Set(personIds(3)));
  });
});

describe('Items that fail a check', () => {
  it('are dropped, counted and accepted', async () => {
    const { post, queue, lines } = await setUp();
    const forged = Array.from({ length: 99 }, () => notification({ clientState: 'guess' }));
    expect(await post([...forged, notification()])).toEqual(accepted);
    expect(queue.sent).toHaveLength(1);
    expect(lines).toEqual([
      { level: 'warn', event: 'notifications-refused', reason: 'wrong clientState', count: 99 },
      expect.objectContaining({ event: 'notifications-received', items: 100, events: 1, refused: 99 }),
    ]);
  });

  it('are accepted even where all of them fail, so that whoever tries learns nothing', async () => {
    const { post, queue } = await setUp();
    expect(await post([notification({ clientState: 'guess' })])).toEqual(accepted);
    expect(await post([notification({ subscriptionId: 'guess' })])).toEqual(accepted);
    expect(queue.sent).toEqual([]);
  });

  it('fill no log, however many come', async () => {
    const { post, lines } = await setUp();
    for (let n = 0; n < 200; n++) await post([notification({ clientState: `guess ${String(n)}` })]);
    expect(lines).toHaveLength(1);
  });

  it.each([{ body: '' }, { body: 'x' }, { body: '{"value":1}' }])(
    'of a body like %j make the whole request refused, also once a minute in the log',
    async ({ body }) => {
      const { postBody, lines } = await setUp();
      expect(await postBody(body)).toMatchObject({ status: 400 });
      expect(await postBody(body)).toMatchObject({ status: 400 });
      expect(lines).toEqual([
        { level: 'warn', event: 'notifications-refused', reason: 'http 400', count: 1 },
      ]);
    },
  );
});

describe('A subscription whose id is not known yet', () => {
  it('is bound by its first notification, before the events are queued', async () => {
    const { post, rows, queue, clock } = await setUp();
    const validUntil = new Date(clock.now().getTime() + 86_400_000);
    await rows.addPending({ secretSha256: sha256Hex('new secret'), createdAt: clock.now(), validUntil });
    queue.before = async () => {
      const bound = (await rows.list()).rows.find((row) => row.subscriptionId === 'new');
      expect(bound?.secretSha256).toBe(sha256Hex('new secret'));
    };
    const item = notification({ subscriptionId: 'new', clientState: 'new secret' });
    expect(await post([item])).toEqual(accepted);
    expect(queue.sent).toHaveLength(1);
  });
});

it('Nothing of a notification but object ids and counts reaches the log', async () => {
  const { post, postBody, text } = await setUp();
  const names = { displayName: 'Alex Wilber', userPrincipalName: 'alex@contoso.example' };
  await post([notification(names), notification({ ...names, clientState: 'a guessed secret' })]);
  await post([notification({ ...names, resource: 'Users/alex@contoso.example' })]);
  await postBody('{"alex@contoso.example');
  expect(text.length).toBeGreaterThan(2);
  expect(text.join('\n')).not.toMatch(new RegExp(`${secret}|${sha256Hex(secret)}|guessed|alex|wilber`, 'i'));
});

import { ServiceFailure } from '../../src/errors';
import { isClientState } from '../../src/notifications/client-state';
import { createSubscriptionTable } from '../../src/storage/subscription-table';
import { keepSubscription } from '../../src/subscription/keep-subscription';
import type { GraphSubscription } from '../../src/tenant/graph-subscriptions';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';

const notificationUrl = 'https://photos.example/api/notifications';
const minute = 60_000;

/** Graph in memory. `onCreate` runs before it answers, and its failure is the answer. */
function setUp({ rightsGranted = true } = {}) {
  const clock = movableClock();
  const table = memoryTable(clock.now);
  const rows = createSubscriptionTable(table);
  const { log, lines, text } = recordedLog();
  const listed: GraphSubscription[] = [];
  const secrets: string[] = [];
  const graph = {
    onCreate: async (): Promise<void> => undefined,
    list: jest.fn(async () => listed),
    create: jest.fn(async (request: { notificationUrl: string; clientState: string; expiresAt: Date }) => {
      secrets.push(request.clientState);
      await graph.onCreate();
      const made = { id: `subscription-${String(secrets.length)}`, resource: 'users', ...request };
      listed.push(made);
      return made;
    }),
  };
  const settings = { rightsGranted, notificationUrl, subscriptionLifetimeMinutes: 40_320 };
  const keep = () => keepSubscription({ settings, rows, graph, log });
  const rowsNow = async () => (await rows.list()).rows;
  return { clock, table, rows, rowsNow, graph, listed, secrets, lines, text, keep };
}

describe('The subscription', () => {
  it('is made where there is none, and its row bound to its id', async () => {
    const { keep, rowsNow, secrets, lines, graph, clock } = setUp();
    await keep();
    const validUntil = new Date(clock.now().getTime() + 40_320 * minute);
    expect(graph.create).toHaveBeenCalledWith({
      notificationUrl,
      clientState: secrets[0],
      expiresAt: validUntil,
    });
    expect(await rowsNow()).toEqual([
      expect.objectContaining({ subscriptionId: 'subscription-1', validUntil, createdAt: clock.now() }),
    ]);
    expect(lines.map(({ event }) => event)).toEqual(['subscription-created']);
  });

  it('has a random secret, of which the hash alone is kept and nothing is logged', async () => {
    const [one, other] = [setUp(), setUp()];
    await one.keep();
    await other.keep();
    expect(one.secrets[0]).toMatch(/^[\w-]{43}$/);
    expect(one.secrets[0]).not.toBe(other.secrets[0]);
    const [row] = await one.rowsNow();
    expect(isClientState(one.secrets[0], row!.secretSha256)).toBe(true);
    expect(JSON.stringify([...one.table.rows])).not.toContain(one.secrets[0]);
    expect(one.text.join()).not.toContain(one.secrets[0]);
    expect(one.text.join()).not.toContain(row!.secretSha256);
  });

  it('has its hash on record before Graph is asked, pending', async () => {
    const { keep, rowsNow, graph, secrets } = setUp();
    let before: Awaited<ReturnType<typeof rowsNow>> = [];
    graph.onCreate = async () => {
      before = await rowsNow();
    };
    await keep();
    expect(before).toEqual([expect.objectContaining({ subscriptionId: undefined })]);
    expect(isClientState(secrets[0], before[0]!.secretSha256)).toBe(true);
  });

  it('is kept once it is there', async () => {
    const { keep, rowsNow, graph, lines } = setUp();
    await keep();
    await keep();
    expect(graph.create).toHaveBeenCalledTimes(1);
    expect(await rowsNow()).toHaveLength(1);
    expect(lines.map(({ event }) => event)).toEqual(['subscription-created', 'subscription-kept']);
  });

  it('is bound by its first notification when that comes before Graph’s answer', async () => {
    const { keep, rows, rowsNow, graph, lines } = setUp();
    graph.onCreate = async () => {
      const [row] = await rowsNow();
      expect(await rows.bind(row!, 'subscription-1')).toBe(true);
    };
    await keep();
    expect((await rowsNow()).map(({ subscriptionId }) => subscriptionId)).toEqual(['subscription-1']);
    expect(lines.map(({ event }) => event)).toEqual(['subscription-created']);
  });

  it('is made anew when Graph has lost it', async () => {
    const { keep, rowsNow, listed } = setUp();
    await keep();
    listed.length = 0;
    await keep();
    expect((await rowsNow()).map(({ subscriptionId }) => subscriptionId)).toEqual([
      'subscription-1',
      'subscription-2',
    ]);
  });
});

describe('A refusal', () => {
  it.each([400, 401, 403, 409])(
    'with %i takes the row away: no notification will come with its secret',
    async (status) => {
      const { keep, rowsNow, graph, lines } = setUp();
      graph.onCreate = () => Promise.reject(new ServiceFailure('Graph', 'Graph refused.', { status }));
      await keep();
      expect(await rowsNow()).toEqual([]);
      expect(lines).toEqual([
        { level: 'error', event: 'subscription-refused', service: 'Graph', status, reason: 'Graph refused.' },
      ]);
    },
  );

  it.each([
    { when: 'the answer was lost', status: undefined },
    { when: 'Graph was not well', status: 503 },
    { when: 'a redirect came', status: 302 },
  ])(
    'that may hide a success keeps the row, and nothing more is asked for 10 minutes: $when',
    async ({ status }) => {
      const { keep, rowsNow, graph, clock, lines } = setUp();
      graph.onCreate = () => Promise.reject(new ServiceFailure('Graph', 'Graph did not answer.', { status }));
      await keep();
      expect(await rowsNow()).toEqual([expect.objectContaining({ subscriptionId: undefined })]);

      clock.advance(9 * minute);
      await keep();
      expect(graph.create).toHaveBeenCalledTimes(1);
      expect(lines.map(({ event }) => event)).toEqual(['subscription-refused', 'subscription-waiting']);

      clock.advance(minute);
      graph.onCreate = async () => undefined;
      await keep();
      expect((await rowsNow()).map(({ subscriptionId }) => subscriptionId)).toEqual(['subscription-2']);
    },
  );
});

describe('Nothing is done', () => {
  it('before the rights are granted: not even a token is asked for', async () => {
    const { keep, graph, table, lines } = setUp({ rightsGranted: false });
    await keep();
    expect(graph.list).not.toHaveBeenCalled();
    expect(table.rows.size).toBe(0);
    expect(lines).toEqual([
      { level: 'warn', event: 'subscription-waiting', reason: expect.stringContaining('RIGHTS_GRANTED') },
    ]);
  });

  it('when Graph can’t be asked what there is: never a blind POST', async () => {
    const { keep, graph, table, lines } = setUp();
    graph.list.mockRejectedValue(new ServiceFailure('Graph', 'Graph is not well (503).', { status: 503 }));
    await keep();
    expect(graph.create).not.toHaveBeenCalled();
    expect(table.rows.size).toBe(0);
    expect(lines.map(({ event }) => event)).toEqual(['subscription-refused']);
  });

  it('when the row can’t be written: Graph is not asked', async () => {
    const { keep, graph, table } = setUp();
    table.before = (call) => {
      if (call === 'write') throw new ServiceFailure('storage', 'Azure Storage failed.');
    };
    await keep();
    expect(graph.create).not.toHaveBeenCalled();
  });
});

it('A bug is not taken for a refusal', async () => {
  const { keep, graph } = setUp();
  graph.onCreate = () => Promise.reject(new TypeError('a bug'));
  await expect(keep()).rejects.toThrow('a bug');
});

it('Two timers at once make two subscriptions at most, each with its row', async () => {
  const { keep, rowsNow, listed } = setUp();
  await Promise.all([keep(), keep()]);
  expect(listed.length).toBeLessThanOrEqual(2);
  expect((await rowsNow()).map(({ subscriptionId }) => subscriptionId).sort()).toEqual(
    listed.map(({ id }) => id).sort(),
  );
});

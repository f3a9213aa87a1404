import type { Mode } from '../../src/config';
import { ServiceFailure } from '../../src/errors';
import { isClientState } from '../../src/notifications/client-state';
import { createSubscriptionTable } from '../../src/storage/subscription-table';
import { keepSubscription } from '../../src/subscription/keep-subscription';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';

import { graphInMemory } from './graph-in-memory';

const notificationUrl = 'https://photos.example/api/notifications';
const lifecycleUrl = 'https://photos.example/api/lifecycle';
const minute = 60_000;
const day = 24 * 60 * minute;

function setUp({ rightsGranted = true, mode = 'apply' }: { rightsGranted?: boolean; mode?: Mode } = {}) {
  const clock = movableClock();
  const table = memoryTable(clock.now);
  const rows = createSubscriptionTable(table);
  const { log, lines, text } = recordedLog();
  const graph = graphInMemory(clock.now);
  const { listed, secrets } = graph;
  const settings = {
    mode,
    rightsGranted,
    notificationUrl,
    lifecycleUrl,
    subscriptionLifetimeMinutes: 40_320,
  };
  const warmEndpoint = jest.fn(async (_url: string): Promise<string | undefined> => undefined);
  const requestSweep = jest.fn(async (_reason: string) => undefined);
  const keep = (asked = {}) =>
    keepSubscription({ settings, rows, graph, warmEndpoint, requestSweep, log }, asked);
  const rowsNow = async () => (await rows.list()).rows;
  const events = () => lines.map(({ event }) => event);
  return {
    clock,
    table,
    rows,
    rowsNow,
    graph,
    listed,
    secrets,
    lines,
    text,
    keep,
    warmEndpoint,
    requestSweep,
    events,
  };
}

describe('The subscription', () => {
  it('is made where there is none, and its row bound to its id', async () => {
    const { keep, rowsNow, secrets, lines, graph, clock } = setUp();
    await keep();
    const validUntil = new Date(clock.now().getTime() + 40_320 * minute);
    expect(graph.create).toHaveBeenCalledWith({
      notificationUrl,
      lifecycleUrl,
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

  it('is renewed a day after it was made, and its row with it', async () => {
    const { keep, rowsNow, graph, clock, requestSweep, lines } = setUp();
    await keep();
    clock.advance(day + minute);
    await keep();
    const validUntil = new Date(clock.now().getTime() + 40_320 * minute);
    expect(graph.renew.mock.calls).toEqual([['subscription-1', validUntil]]);
    expect(await rowsNow()).toEqual([expect.objectContaining({ validUntil, renewedAt: clock.now() })]);
    expect(lines.at(-1)).toMatchObject({
      event: 'subscription-renewed',
      subscriptionId: 'subscription-1',
      expiresAt: validUntil.toISOString(),
    });
    expect(requestSweep).not.toHaveBeenCalled();
  });

  it('is renewed at once when Graph asks for it', async () => {
    const { keep, graph, clock } = setUp();
    await keep();
    clock.advance(minute);
    await keep({ mustRenew: true });
    expect(graph.renew).toHaveBeenCalledTimes(1);
  });

  it('has its row mended when the answer to a renewal was lost', async () => {
    const { keep, rowsNow, graph, clock, listed, events } = setUp();
    await keep();
    clock.advance(day + minute);
    graph.renew.mockImplementationOnce(async (_id, expiresAt) => {
      listed[0]!.expiresAt = expiresAt;
      throw new ServiceFailure('Graph', 'Graph did not answer in time.');
    });
    await keep();
    await keep();
    expect(await rowsNow()).toEqual([expect.objectContaining({ validUntil: listed[0]!.expiresAt })]);
    expect(events()).toEqual(['subscription-created', 'subscription-refused', 'subscription-kept']);
  });

  it('31: is made anew, with a sweep, when Graph no longer knows it as it is to be renewed', async () => {
    const { keep, graph, clock, listed, requestSweep, events } = setUp();
    await keep();
    clock.advance(day + minute);
    graph.onRenew = async () => {
      listed.length = 0;
    };
    await keep();
    expect(listed.map(({ id }) => id)).toEqual(['subscription-2']);
    expect(requestSweep.mock.calls).toEqual([[expect.stringContaining('gone')]]);
    expect(events()).toEqual(['subscription-created', 'subscription-created']);
  });

  it('is replaced when its secret is unknown: the new one first, then the old one goes', async () => {
    const { keep, graph, listed, requestSweep, events, rowsNow } = setUp();
    const expiresAt = new Date('2027-06-01T00:00:00Z');
    listed.push({ id: 'old', resource: 'users', notificationUrl, lifecycleUrl, expiresAt });
    graph.onCreate = async () => {
      expect(listed.map(({ id }) => id)).toEqual(['old']);
    };
    await keep();
    expect(listed.map(({ id }) => id)).toEqual(['subscription-1']);
    expect(await rowsNow()).toHaveLength(1);
    expect(events()).toEqual(['subscription-replaced', 'subscription-removed']);
    expect(requestSweep).toHaveBeenCalledTimes(1);
  });

  it('is replaced when its lifecycle events go elsewhere; the old row stays good for 4 hours', async () => {
    const { keep, listed, rowsNow, requestSweep, clock } = setUp();
    await keep();
    listed[0]!.lifecycleUrl = undefined;
    await keep();
    expect(listed.map(({ id }) => id)).toEqual(['subscription-2']);
    const [old, made] = await rowsNow();
    expect(old).toMatchObject({
      subscriptionId: 'subscription-1',
      validUntil: new Date(clock.now().getTime() + 240 * minute),
    });
    expect(made).toMatchObject({ subscriptionId: 'subscription-2', validUntil: listed[0]!.expiresAt });
    expect(requestSweep).not.toHaveBeenCalled();
    clock.advance(240 * minute);
    await keep();
    expect(await rowsNow()).toHaveLength(1);
  });

  it('of somebody else is told, by its id and host alone, and left', async () => {
    const { keep, graph, listed, lines, text } = setUp();
    const stranger = {
      id: 'x',
      resource: 'users',
      notificationUrl: 'https://other.example/api?code=key',
      lifecycleUrl: undefined,
      expiresAt: new Date('2027-01-01T00:00:00Z'),
    };
    listed.push(stranger);
    await keep();
    expect(graph.remove).not.toHaveBeenCalled();
    expect(lines[0]).toMatchObject({
      level: 'warn',
      event: 'subscription-stranger',
      subscriptionId: 'x',
      host: 'other.example',
    });
    expect(text.join()).not.toMatch(/code=key/);
  });

  it('is made although its endpoints do not answer the app itself, which is told with the cause', async () => {
    const { keep, warmEndpoint, lines } = setUp();
    warmEndpoint.mockImplementation(async (url) => (url === lifecycleUrl ? 'It sleeps.' : undefined));
    await keep();
    expect(warmEndpoint.mock.calls.flat().sort()).toEqual([lifecycleUrl, notificationUrl]);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'warn',
        event: 'subscription-endpoint-unready',
        setting: 'LIFECYCLE_URL',
        reason: expect.stringContaining('It sleeps.'),
      }),
      expect.objectContaining({ event: 'subscription-created' }),
    ]);
    await keep();
    expect(warmEndpoint).toHaveBeenCalledTimes(2);
  });
});

describe('A sweep', () => {
  it('is asked for when the subscription was gone, once', async () => {
    const { keep, listed, requestSweep } = setUp();
    await keep();
    expect(requestSweep).not.toHaveBeenCalled();
    listed.length = 0;
    await keep();
    await keep();
    expect(requestSweep.mock.calls).toEqual([['There was no subscription for a while.']]);
  });

  it('stays due until it could be asked for', async () => {
    const { keep, listed, requestSweep, events } = setUp();
    await keep();
    listed.length = 0;
    requestSweep.mockRejectedValueOnce(new ServiceFailure('storage', 'Azure Storage failed.'));
    await keep();
    await keep();
    await keep();
    expect(requestSweep).toHaveBeenCalledTimes(2);
    expect(events().slice(1, 3)).toEqual(['subscription-created', 'subscription-refused']);
  });

  it('stays due when the subscription could not be made', async () => {
    const { keep, listed, graph, requestSweep, clock } = setUp();
    await keep();
    listed.length = 0;
    clock.advance(40_321 * minute);
    graph.onCreate = () => Promise.reject(new ServiceFailure('Graph', 'Graph refused.', { status: 403 }));
    await keep();
    expect(requestSweep).not.toHaveBeenCalled();
    graph.onCreate = async () => undefined;
    await keep();
    expect(requestSweep).toHaveBeenCalledTimes(1);
  });

  it('is asked for in any case when Graph told of a loss', async () => {
    const { keep, requestSweep } = setUp();
    await keep();
    await keep({ lost: 'Graph told so.' });
    expect(requestSweep.mock.calls).toEqual([['Graph told so.']]);
  });

  it('is asked for when the row ended and the subscription went on, and the row is good again', async () => {
    const { keep, rows, rowsNow, requestSweep, listed, clock } = setUp();
    await keep();
    const [row] = await rowsNow();
    await rows.update(row!, { validUntil: clock.now() });
    await keep();
    expect(requestSweep).toHaveBeenCalledTimes(1);
    expect(await rowsNow()).toEqual([expect.objectContaining({ validUntil: listed[0]!.expiresAt })]);
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

  it('on the way out: SYNC_MODE is remove', async () => {
    const { keep, graph, table, lines } = setUp({ mode: 'remove' });
    await keep({ mustRenew: true, lost: 'Graph told so.' });
    expect(graph.list).not.toHaveBeenCalled();
    expect(table.rows.size).toBe(0);
    expect(lines).toEqual([expect.objectContaining({ event: 'subscription-waiting' })]);
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

it.each([
  { when: 'Graph makes both before it answers', hold: true },
  { when: 'they follow one another closely', hold: false },
])('33: two timers at once end in one subscription, with its row: $when', async ({ hold }) => {
  const { keep, rowsNow, listed, graph, requestSweep } = setUp();
  let asked = 0;
  let release: () => void = () => undefined;
  const both = new Promise<void>((resolve) => (release = resolve));
  graph.onCreate = async () => {
    if (++asked === 2) release();
    if (hold) await both;
  };
  await Promise.all([keep(), keep()]);
  expect(graph.create).toHaveBeenCalledTimes(2);
  expect(listed).toHaveLength(1);
  const row = (await rowsNow()).find(({ subscriptionId }) => subscriptionId === listed[0]!.id);
  expect(row?.validUntil).toEqual(listed[0]!.expiresAt);
  await keep();
  expect(listed).toHaveLength(1);
  expect(requestSweep).not.toHaveBeenCalled();
});

it('33: two timers at once that find a gap end in one subscription, though one clears the other’s note of the sweep', async () => {
  const { keep, rowsNow, listed, graph, requestSweep } = setUp();
  await keep();
  listed.length = 0;
  let asked = 0;
  let runs: Promise<unknown>[] = [];
  graph.onCreate = async () => {
    if (++asked === 2) await Promise.race(runs);
  };
  runs = [keep(), keep()];
  await Promise.all(runs);
  expect(graph.create).toHaveBeenCalledTimes(3);
  expect(listed).toHaveLength(1);
  expect((await rowsNow()).map(({ subscriptionId }) => subscriptionId)).toContain(listed[0]!.id);
  expect(requestSweep).toHaveBeenCalledTimes(1);
});

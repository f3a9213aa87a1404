import { ServiceFailure } from '../../src/errors';
import { createBreakerTable } from '../../src/storage/breaker-table';
import { createPersonTable } from '../../src/storage/person-table';
import { createSweepTable, type SweepTable } from '../../src/storage/sweep-table';
import { decodePageMessage, type PageMessage } from '../../src/sweep/page-message';
import { requestSweep, startWhenDue } from '../../src/sweep/start-sweep';
import type { SweepDeps } from '../../src/sweep/sweep-deps';
import { noCounts } from '../../src/sweep/sweep-counts';
import { sweepPage } from '../../src/sweep/sweep-page';
import { expectAlert } from '../support/expect-alert';
import { personIds } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { recordedLog } from '../support/recorded-log';
import { recordedQueue } from '../support/recorded-queue';
import { everyoneInScope, pageOf, sweepSettings } from '../support/sweeping';

/** A tenant of so many pages of people, and the app's sweep over tables in memory. */
function setUp({ pages = 4, runMs = 0 } = {}) {
  let storageTime = new Date('2026-11-27T12:00:00Z');
  const clock = {
    advanceMinutes: (minutes: number) => (storageTime = new Date(storageTime.getTime() + minutes * 60_000)),
  };
  const table = memoryTable(() => storageTime);
  const queue = recordedQueue();
  const { log, lines } = recordedLog();
  const ids = personIds(pages * 2);
  const listed: string[] = [];
  const graph = { before: async (_nextLink: string): Promise<'refused' | undefined> => undefined };
  const deps: SweepDeps = {
    settings: { ...sweepSettings, sweep: { ...sweepSettings.sweep, runMs } },
    sweeps: createSweepTable(table),
    people: createPersonTable(memoryTable(() => storageTime)),
    breaker: createBreakerTable(memoryTable(() => storageTime)),
    queue,
    scope: everyoneInScope,
    directory: {
      async list(nextLink) {
        const refused = await graph.before(nextLink);
        if (refused) return refused;
        listed.push(nextLink);
        return { ...pageOf(ids, nextLink, 2), now: storageTime };
      },
      gone: async () => [],
    },
    looks: {
      lookAtAll: async (personIds) => ({
        looks: new Map(personIds.map((id) => [id, { kind: 'photo', etag: id, width: 648, height: 648 }])),
        requests: 1,
      }),
    },
    log,
    monotonicMs: () => 0,
    random: () => 0,
  };
  let taken = 0;
  return {
    deps,
    table,
    queue,
    graph,
    clock,
    lines,
    /** Where each page of people began, in the order they were listed. */
    listed,
    row: async () => (await deps.sweeps.read()).row!,
    /** The messages sent since the last call. */
    sent(): PageMessage[] {
      const messages = queue.messages.slice(taken).map(({ message }) => decodePageMessage(message));
      taken = queue.messages.length;
      return messages;
    },
    start: () => startWhenDue(deps, deps.settings.sweep),
    /** Works off whatever is sent, until nothing is any more. @returns how many messages there were. */
    async drain(): Promise<number> {
      let count = 0;
      for (let messages = this.sent(); messages.length > 0; messages = this.sent()) {
        for (const message of messages) await sweepPage(deps, message);
        count += messages.length;
        if (count > 200) throw new Error('The messages never end.');
      }
      return count;
    },
  };
}

/** The pages of people in order, from the first. */
const pagesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => (n === 0 ? '' : `/users?${String(n)}`));

describe('A sweep', () => {
  it('goes through all pages, one message a run, and leaves one record', async () => {
    const tenant = setUp();
    await tenant.start();
    expect(await tenant.drain()).toBe(5);
    expect(tenant.listed).toEqual(pagesOf(4));
    expect(await tenant.row()).toMatchObject({
      outcome: 'complete',
      people: 8,
      counts: { seen: 8, baseline: 8, requests: 8 },
    });
    expect(await tenant.deps.sweeps.records()).toMatchObject([{ outcome: 'complete', counts: { seen: 8 } }]);
  });

  it('works through all pages in one run where there is time', async () => {
    const tenant = setUp({ runMs: 60_000 });
    await tenant.start();
    expect(await tenant.drain()).toBe(1);
    expect(tenant.listed).toEqual(pagesOf(4));
  });

  it('is at the next page before this one is done, lists none in vain and counts everybody once', async () => {
    const tenant = setUp({ runMs: 60_000 });
    const { looks } = tenant.deps;
    let page = 0;
    const lookingAt: number[] = [];
    tenant.deps.looks = {
      async lookAtAll(personIds) {
        const own = (page += 1);
        lookingAt.push(own);
        // The first page is looked at until the second is, and so on.
        while (page <= own && own < 4) await new Promise(setImmediate);
        return looks.lookAtAll(personIds);
      },
    };
    await tenant.start();
    await tenant.drain();
    expect(lookingAt).toEqual([1, 2, 3, 4]);
    expect(tenant.listed).toEqual(pagesOf(4));
    expect(await tenant.row()).toMatchObject({
      outcome: 'complete',
      page: 6,
      counts: { seen: 8, baseline: 8 },
    });
  });

  it('finishes the page it is at where the next, begun ahead, is not to be had', async () => {
    const tenant = setUp({ runMs: 60_000 });
    tenant.graph.before = async (nextLink) => {
      if (nextLink === '/users?1') throw new ServiceFailure('Graph', 'Graph is not well (503).');
      return undefined;
    };
    await tenant.start();
    await sweepPage(tenant.deps, tenant.sent()[0]!);
    expect(await tenant.row()).toMatchObject({ page: 2, counts: { seen: 2 } });
    expect(tenant.sent()).toMatchObject([{ page: 2, attempt: 1 }]);
  });

  it('has one chain when two workers are at the same page', async () => {
    const tenant = setUp();
    await tenant.start();
    const [first] = tenant.sent();
    await Promise.all([sweepPage(tenant.deps, first!), sweepPage(tenant.deps, first!)]);
    expect(await tenant.row()).toMatchObject({ page: 2, counts: { seen: 2 } });
    const next = tenant.sent();
    expect(next).toEqual([{ ...first, page: 2 }]);
    await sweepPage(tenant.deps, next[0]!);
    await tenant.drain();
    expect((await tenant.row()).counts.seen).toBe(8);
  });

  it('has one chain again after the timer ran while it was at work', async () => {
    const tenant = setUp();
    await tenant.start();
    await tenant.start();
    await tenant.start();
    await tenant.drain();
    expect(tenant.lines.filter(({ event }) => event === 'sweep-finished')).toHaveLength(1);
    expect((await tenant.row()).counts.seen).toBe(8);
    expect(tenant.listed.filter((page) => page === '/users?3')).toHaveLength(1);
  });

  it('goes on where a worker ended after it had moved the row and before it had sent the next message', async () => {
    const tenant = setUp();
    await tenant.start();
    const [first] = tenant.sent();
    tenant.queue.before = () => {
      throw new Error('The worker is killed.');
    };
    await expect(sweepPage(tenant.deps, first!)).rejects.toThrow('killed');
    tenant.queue.before = () => undefined;
    await sweepPage(tenant.deps, first!);
    expect(tenant.listed).toEqual(['']);
    expect(tenant.sent()).toEqual([{ ...first, page: 2 }]);
  });

  it('goes on by the message that a killed run began with, once it has stood still for three minutes', async () => {
    const tenant = setUp({ runMs: 60_000 });
    await tenant.start();
    const [first] = tenant.sent();
    tenant.graph.before = async (nextLink) => {
      if (nextLink === '/users?2') throw new Error('The worker is killed.');
      return undefined;
    };
    await expect(sweepPage(tenant.deps, first!)).rejects.toThrow('killed');
    tenant.graph.before = async () => undefined;
    tenant.clock.advanceMinutes(2);
    await sweepPage(tenant.deps, first!);
    expect(tenant.sent()).toEqual([]);
    tenant.clock.advanceMinutes(1);
    await sweepPage(tenant.deps, first!);
    expect(tenant.sent()).toEqual([{ ...first, page: 3 }]);
  });

  it('does nothing for a message of a sweep that is over', async () => {
    const tenant = setUp();
    await tenant.start();
    const [first] = tenant.sent();
    await sweepPage(tenant.deps, first!);
    await tenant.drain();
    const lists = tenant.listed.length;
    await sweepPage(tenant.deps, first!);
    expect(tenant.listed).toHaveLength(lists);
    expect(tenant.sent()).toEqual([]);
  });

  it('ends one way where Storage’s answer to moving the row was lost', async () => {
    const tenant = setUp();
    await tenant.start();
    const { write } = tenant.deps.sweeps;
    const forgetful: SweepTable = {
      ...tenant.deps.sweeps,
      async write(token, changes) {
        await write(token, changes);
        return undefined;
      },
    };
    const [first] = tenant.sent();
    await sweepPage({ ...tenant.deps, sweeps: forgetful }, first!);
    expect(tenant.sent()).toEqual([{ ...first, page: 2 }]);
  });
});

describe('When Graph is not well', () => {
  it('the page comes back with growing delays, and from the page it had come to', async () => {
    const tenant = setUp({ runMs: 60_000 });
    tenant.graph.before = async (nextLink) => {
      if (nextLink === '/users?1')
        throw new ServiceFailure('Graph', 'Graph is not well (503).', { status: 503 });
      return undefined;
    };
    await tenant.start();
    const [first] = tenant.sent();
    await sweepPage(tenant.deps, first!);
    expect(tenant.queue.messages.at(-1)).toMatchObject({ delaySeconds: 60 });
    const [again] = tenant.sent();
    expect(again).toMatchObject({ page: 2, attempt: 1 });
    tenant.clock.advanceMinutes(1);
    await sweepPage(tenant.deps, again!);
    expect(tenant.queue.messages.at(-1)).toMatchObject({ delaySeconds: 300 });
    tenant.graph.before = async () => undefined;
    tenant.clock.advanceMinutes(5);
    await tenant.drain();
    expect((await tenant.row()).counts).toMatchObject({ seen: 8 });
  });

  it('the page comes back when Graph says', async () => {
    const tenant = setUp();
    tenant.graph.before = async () => {
      throw new ServiceFailure('Graph', 'Slow down.', { status: 429, retryAfterSeconds: 17 });
    };
    await tenant.start();
    await sweepPage(tenant.deps, tenant.sent()[0]!);
    expect(tenant.queue.messages.at(-1)).toMatchObject({ delaySeconds: 17 });
  });

  it('one message waits, however often the timer comes and whoever else has the page done', async () => {
    const tenant = setUp();
    tenant.graph.before = async () => {
      throw new ServiceFailure('Graph', 'Graph is not well (503).', { status: 503 });
    };
    await tenant.start();
    const [first] = tenant.sent();
    // Two runs are at the page at once, so two messages come back.
    await Promise.all([sweepPage(tenant.deps, first!), sweepPage(tenant.deps, first!)]);
    let waiting = tenant.sent();
    for (let hour = 0; hour < 10; hour++) {
      // The timer comes while they wait.
      await tenant.start();
      expect(tenant.sent()).toEqual([]);
      tenant.clock.advanceMinutes(5);
      for (const message of waiting) await sweepPage(tenant.deps, message);
      waiting = tenant.sent();
      expect(waiting).toHaveLength(1);
    }
    tenant.graph.before = async () => undefined;
    tenant.clock.advanceMinutes(5);
    await sweepPage(tenant.deps, waiting[0]!);
    await tenant.drain();
    expect(await tenant.row()).toMatchObject({ outcome: 'complete', putBackUntil: '', counts: { seen: 8 } });
  });

  it('the timer takes the page up where the message that was put back is lost', async () => {
    const tenant = setUp();
    tenant.graph.before = async () => {
      throw new ServiceFailure('Graph', 'Slow down.', { status: 429, retryAfterSeconds: 9e9 });
    };
    await tenant.start();
    await sweepPage(tenant.deps, tenant.sent()[0]!);
    tenant.sent();
    tenant.graph.before = async () => undefined;
    tenant.clock.advanceMinutes(24 * 60);
    await tenant.start();
    await tenant.drain();
    expect(await tenant.row()).toMatchObject({ outcome: 'complete' });
  });

  it('a page that Graph forbids is told with its status, for an alert', async () => {
    const tenant = setUp();
    tenant.graph.before = async () => {
      throw new ServiceFailure('Graph', 'The role User.Read.All is missing.', { status: 403 });
    };
    await tenant.start();
    await sweepPage(tenant.deps, tenant.sent()[0]!);
    expectAlert('role-lost', 'sweep-page-retry', tenant.lines.at(-1));
  });

  it('a page that is refused begins the list again, and counts nobody twice', async () => {
    const tenant = setUp();
    let refusals = 1;
    tenant.graph.before = async (nextLink) =>
      nextLink === '/users?2' && refusals-- > 0 ? 'refused' : undefined;
    await tenant.start();
    await tenant.drain();
    expect(tenant.listed).toEqual([...pagesOf(2), ...pagesOf(4)]);
    expect((await tenant.row()).counts).toMatchObject({ seen: 8, restarts: 1 });
  });

  it('a page that is refused again and again ends the sweep as failed, and the next begins anew', async () => {
    const tenant = setUp();
    tenant.graph.before = async (nextLink) => (nextLink === '/users?2' ? 'refused' : undefined);
    await tenant.start();
    await tenant.drain();
    expect(await tenant.row()).toMatchObject({ outcome: 'failed', baselineOf: '', people: 0 });
    expect(tenant.lines.find(({ event }) => event === 'sweep-finished')).toMatchObject({ level: 'error' });
    tenant.graph.before = async () => undefined;
    await tenant.start();
    await tenant.drain();
    expect(await tenant.row()).toMatchObject({ outcome: 'complete' });
  });
});

describe('A sweep that is asked for', () => {
  it('begins at once', async () => {
    const tenant = setUp();
    await requestSweep(tenant.deps, 'There was a gap.');
    await tenant.drain();
    expect(await tenant.row()).toMatchObject({ outcome: 'complete', reason: 'There was a gap.' });
  });

  it('follows the one that runs, once, though that one is not disturbed', async () => {
    const tenant = setUp();
    await tenant.start();
    const [first] = tenant.sent();
    await sweepPage(tenant.deps, first!);
    await requestSweep(tenant.deps, 'There was a gap.');
    await requestSweep(tenant.deps, 'There was another.');
    await tenant.drain();
    const records = await tenant.deps.sweeps.records();
    expect(records.map(({ reason }) => reason).sort()).toEqual([
      'There was another.',
      'There was no sweep yet.',
    ]);
    expect(tenant.listed).toEqual([...pagesOf(4), ...pagesOf(4)]);
  });
});

it('Whom the settings let in later is recorded as they are first, and a newcomer is written', async () => {
  const tenant = setUp();
  await tenant.start();
  await tenant.drain();
  const sweepWith = async (pages: Partial<SweepDeps['settings']['scope']>) => {
    const { settings } = tenant.deps;
    tenant.deps.settings = { ...settings, scope: { ...settings.scope, ...pages } };
    tenant.deps.people = createPersonTable(memoryTable());
    await tenant.start();
    await tenant.drain();
    return (await tenant.row()).counts;
  };
  expect(await sweepWith({ includeGuests: true })).toMatchObject({ baseline: 8, added: 0 });
  expect(await sweepWith({})).toMatchObject({ baseline: 0, added: 8 });
});

it('Only the latest hundred records are kept', async () => {
  const { deps } = setUp();
  const record = { reason: '', finishedAt: '', outcome: 'complete' as const, durationMs: 1 };
  const counts = noCounts();
  for (let n = 0; n < 103; n++) {
    const startedAt = new Date(n * 3_600_000).toISOString();
    await deps.sweeps.record({ ...record, sweepId: String(n), startedAt, counts });
  }
  const ids = (await deps.sweeps.records()).map(({ sweepId }) => Number(sweepId));
  expect(ids).toEqual(Array.from({ length: 100 }, (_, n) => 102 - n));
});

import fc from 'fast-check';
import { ServiceFailure } from '../../src/errors';
import { createBudgetTable } from '../../src/storage/budget-table';
import { burstMs, type Ask } from '../../src/writing/decide-reservation';
import { pauseBudget, reserveBudget, type BudgetDeps } from '../../src/writing/reserve-budget';
import { createStorageClock } from '../../src/writing/storage-clock';
import { randomFrom } from '../protocol/random';
import { memoryTable } from '../support/memory-table';
import { recordedLog } from '../support/recorded-log';
import { virtualTime } from '../support/virtual-time';

// Hundreds of events in made-up time; on a busy machine that takes a while.
jest.setTimeout(60_000);

const startMs = Date.parse('2026-11-27T21:30:00.400Z');
/** The share of the smallest tenant: 1,250 units a minute and 3,000 calls in 5 minutes, by half. */
const settings = { peopleManagerPerSecond: 5, unitsPerSecond: 10 + 5 / 12 };
const cost = { peopleManager: 4, units: 10 };
const backlog: Ask = { lane: 'backlog', cost, maximumWritesPerDay: Infinity };

/** Instances with workers of their own, over one row in a Storage that tells the time in whole seconds. */
function instances(count: number, seed: number) {
  const time = virtualTime();
  const random = randomFrom(seed);
  const fraction = () => random.below(1000) / 1000;
  const rows = memoryTable(() => new Date(Math.floor((startMs + time.nowMs()) / 1000) * 1000));
  let requests = 0;
  rows.before = async () => {
    requests += 1;
    await time.sleep(1 + random.below(30));
  };
  const { log, lines } = recordedLog();
  const all = Array.from({ length: count }, (_, index): BudgetDeps => {
    const monotonicMs = () => time.nowMs() + index * 7777;
    return {
      table: createBudgetTable(rows),
      settings,
      monotonicMs,
      storageTimeMs: createStorageClock(monotonicMs),
      // Each worker for itself: what holds between processes has to hold without turns.
      inTurn: (work) => work(),
      sleep: time.sleep,
      random: fraction,
    };
  });
  return { time, all, log, lines, random, requests: () => requests };
}

/** Whatever interval is looked at, it holds no more than the burst, the interval's share and the one that fits last. */
function mostInAdvanceMs(takenAt: readonly number[], costMs: number): number {
  let readyAt = -Infinity;
  let most = 0;
  for (const at of takenAt) {
    readyAt = Math.max(readyAt, at) + costMs;
    most = Math.max(most, readyAt - at);
  }
  return most;
}

interface Work {
  ask: Ask;
  dueAt: number;
}

/** Workers take what is due, as the host's listeners do, and put back what has to come later. */
async function work(
  { time, all, log }: ReturnType<typeof instances>,
  events: Work[],
  { workersEach, busyMs }: { workersEach: number; busyMs: () => number },
) {
  const taken: { at: number; waitedMs: number; ask: Ask }[] = [];
  const worker = async (deps: BudgetDeps) => {
    while (events.length > 0) {
      const next = events.findIndex(({ dueAt }) => dueAt <= time.nowMs());
      if (next < 0) {
        await time.sleep(1000);
        continue;
      }
      const [event] = events.splice(next, 1);
      try {
        await reserveBudget(deps, log, event!.ask);
        taken.push({ at: time.nowMs(), waitedMs: time.nowMs() - event!.dueAt, ask: event!.ask });
        await time.sleep(busyMs());
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error;
        events.push({ ...event!, dueAt: time.nowMs() + Math.ceil(error.retryAfterSeconds!) * 1000 });
      }
    }
  };
  const working = all.flatMap((deps) => Array.from({ length: workersEach }, () => worker(deps)));
  await time.run();
  await Promise.all(working);
  return taken;
}

const unitsMs = (cost.units / settings.unitsPerSecond) * 1000;

it('any number of workers takes at least 90 % of the share and never more than the burst in advance', async () => {
  const schedule = fc.record({
    instances: fc.integer({ min: 1, max: 12 }),
    workersEach: fc.integer({ min: 1, max: 4 }),
    seed: fc.integer(),
  });
  await fc.assert(
    fc.asyncProperty(schedule, async ({ instances: count, workersEach, seed }) => {
      const world = instances(count, seed);
      const events = Array.from({ length: 150 }, () => ({ ask: backlog, dueAt: 0 }));
      const busyMs = () => 200 + world.random.below(600);
      const taken = await work(world, events, { workersEach, busyMs });
      expect(taken).toHaveLength(150);
      const takenAt = taken.map(({ at }) => at);
      // Half of the burst is the backlog's, the last takes it a step further; the rest is what a clock of whole seconds
      // leaves unknown at first.
      expect(mostInAdvanceMs(takenAt, unitsMs)).toBeLessThanOrEqual(burstMs / 2 + unitsMs + 1000 + 100);
      const floorMs = 150 * unitsMs - burstMs / 2;
      const canKeepUp = (count * workersEach) / 0.6 > 2 / (unitsMs / 1000);
      if (canKeepUp) expect(floorMs / takenAt.at(-1)!).toBeGreaterThanOrEqual(0.9);
    }),
    { numRuns: 12 },
  );
});

it('160 workers do not storm the row, and live events pass the backlog', async () => {
  const world = instances(40, 1);
  const events: Work[] = Array.from({ length: 600 }, () => ({ ask: backlog, dueAt: 0 }));
  for (let second = 20; second < 400; second += 20) {
    events.unshift({ ask: { ...backlog, lane: 'live' }, dueAt: second * 1000 });
  }
  const total = events.length;
  const taken = await work(world, events, { workersEach: 4, busyMs: () => 500 });
  expect(taken).toHaveLength(total);
  // Some 20 each: all instances together ask Storage about 20 times a second.
  expect(world.requests() / total).toBeLessThan(30);
  expect((total * unitsMs - burstMs) / taken.at(-1)!.at).toBeGreaterThan(0.9);
  const live = taken.filter(({ ask }) => ask.lane === 'live');
  expect(Math.max(...live.map(({ waitedMs }) => waitedMs))).toBeLessThan(5000);
});

it('people who could not be written before take 5 % of the share at most', async () => {
  const world = instances(2, 2);
  const events: Work[] = Array.from({ length: 20 }, () => ({
    ask: { ...backlog, lane: 'deferred' },
    dueAt: 0,
  }));
  const taken = await work(world, events, { workersEach: 4, busyMs: () => 300 });
  const paceMs = unitsMs / 0.05;
  expect(
    mostInAdvanceMs(
      taken.map(({ at }) => at),
      paceMs,
    ),
  ).toBeLessThanOrEqual(burstMs / 2 + paceMs + 1100);
});

describe('matrix 20 and 21: SharePoint asks for a pause', () => {
  it.each([
    { asked: 120, becomes: 120 },
    { asked: 0, becomes: 30 },
  ])(
    '$asked s: no instance takes anything for $becomes s, live events neither',
    async ({ asked, becomes }) => {
      const world = instances(2, 3);
      const { time, all } = world;
      await Promise.all([pauseBudget(all[0]!, asked), time.run()]);
      const pausedAt = time.nowMs();
      const events: Work[] = Array.from({ length: 8 }, () => ({
        ask: { ...backlog, lane: 'live' },
        dueAt: pausedAt,
      }));
      const taken = await work(world, events, { workersEach: 2, busyMs: () => 300 });
      expect(taken).toHaveLength(8);
      expect(taken[0]!.at - pausedAt).toBeGreaterThanOrEqual(becomes * 1000 - 1100);
    },
  );

  it('for six hours: it is asked less often than it says, and nothing is lost', async () => {
    const world = instances(4, 4);
    const { time, all, log } = world;
    const retryAfterSeconds = 120;
    const outageMs = 6 * 3600_000;
    const waiting = Array.from({ length: 60 }, () => 0);
    const asked: number[] = [];
    let done = 0;
    const worker = async (deps: BudgetDeps) => {
      while (done < 60) {
        const next = waiting.findIndex((dueAt) => dueAt <= time.nowMs());
        if (next < 0) {
          await time.sleep(5000);
          continue;
        }
        waiting.splice(next, 1);
        let comeBackSeconds = retryAfterSeconds;
        try {
          await reserveBudget(deps, log, backlog);
          asked.push(time.nowMs());
          await time.sleep(100);
          if (time.nowMs() > outageMs) {
            done += 1;
            continue;
          }
          await pauseBudget(deps, retryAfterSeconds);
        } catch (error) {
          comeBackSeconds = (error as ServiceFailure).retryAfterSeconds!;
        }
        waiting.push(time.nowMs() + comeBackSeconds * 1000);
      }
    };
    const working = all.flatMap((deps) => [worker(deps), worker(deps)]);
    await time.run();
    await Promise.all(working);

    expect(done).toBe(60);
    const during = asked.filter((at) => at < outageMs);
    // All who were under way when it began are refused each for itself.
    const atFirst = during.filter((at) => at < retryAfterSeconds * 1000).length;
    expect(atFirst).toBeLessThanOrEqual(8);
    expect(during.length - atFirst).toBeLessThanOrEqual(outageMs / (retryAfterSeconds * 1000));
    expect(asked.at(-1)! - outageMs).toBeLessThan(5 * 60_000);
  });
});

import { createBreakerTable } from '../../src/storage/breaker-table';
import { createPersonTable } from '../../src/storage/person-table';
import { createSweepTable } from '../../src/storage/sweep-table';
import { decodePageMessage } from '../../src/sweep/page-message';
import { startWhenDue } from '../../src/sweep/start-sweep';
import type { SweepDeps } from '../../src/sweep/sweep-deps';
import { sweepPage } from '../../src/sweep/sweep-page';
import { personIds } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { recordedLog } from '../support/recorded-log';
import { recordedQueue } from '../support/recorded-queue';
import { everyoneInScope, pageOf, sweepSettings } from '../support/sweeping';
import { virtualTime } from '../support/virtual-time';

/*
 * How long a sweep takes where Graph takes 150 ms for each answer and Storage 15 ms, in a time that no machine is too
 * slow for. The floor is what four batches of 20 at once allow.
 */

const graphMs = 150;
const storageMs = 15;
const peopleAPage = 999;
const pages = 5;
const people = pages * peopleAPage;
const floorMs = (people / 20 / 4) * graphMs;
const startedAt = Date.parse('2026-11-27T12:00:00Z');

function setUp() {
  const time = virtualTime();
  const now = () => new Date(startedAt + time.nowMs());
  const table = () => {
    const made = memoryTable(now);
    made.before = () => time.sleep(storageMs);
    return made;
  };
  const ids = personIds(people);
  const inFlight = { now: 0, most: 0 };
  const queue = recordedQueue();
  const deps: SweepDeps = {
    settings: {
      ...sweepSettings,
      sweep: { ...sweepSettings.sweep, isScheduled: true, runMs: 60_000 },
    },
    sweeps: createSweepTable(table()),
    people: createPersonTable(table()),
    breaker: createBreakerTable(table()),
    queue,
    scope: everyoneInScope,
    directory: {
      async list(nextLink) {
        await time.sleep(graphMs);
        return { ...pageOf(ids, nextLink, peopleAPage), now: now() };
      },
      gone: async () => [],
    },
    looks: {
      async lookAtAll(personIds) {
        inFlight.most = Math.max(inFlight.most, ++inFlight.now);
        await time.sleep(graphMs);
        inFlight.now -= 1;
        const look = (id: string) => ({ kind: 'photo', etag: id, width: 648, height: 648 }) as const;
        return { looks: new Map(personIds.map((id) => [id, look(id)])), requests: 1 };
      },
    },
    log: recordedLog().log,
    monotonicMs: time.nowMs,
    random: () => 0,
  };
  return {
    inFlight,
    deps,
    /** One sweep, in one run. */
    async sweep() {
      const sent = queue.messages.length;
      const from = time.nowMs();
      const swept = startWhenDue(deps, deps.settings.sweep).then(() =>
        sweepPage(deps, decodePageMessage(queue.messages[sent]!.message)),
      );
      await time.run();
      await swept;
      const { row } = await Promise.all([deps.sweeps.read(), time.run()]).then(([reading]) => reading);
      return { counts: row!.counts, outcome: row!.outcome, ratio: (time.nowMs() - from) / floorMs };
    },
  };
}

describe('A sweep takes at most a sixteenth longer than Graph lets it, with four batches at once,', () => {
  const tenant = setUp();

  it.each([
    { when: 'of a new tenant', counts: { seen: people, baseline: people } },
    { when: 'in sync', counts: { seen: people, inSync: people } },
  ])('$when', async ({ counts }) => {
    const swept = await tenant.sweep();
    expect(swept).toMatchObject({ outcome: 'complete', counts });
    expect(swept.counts.requests).toBe(pages + pages * Math.ceil(peopleAPage / 20));
    expect(swept.ratio).toBeLessThanOrEqual(1.0625);
    expect(tenant.inFlight.most).toBe(4);
  });
});

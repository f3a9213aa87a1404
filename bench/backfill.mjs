import { setTimeout as wait } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import { queueNames } from '../dist/storage/names.js';
import { eventually } from './eventually.mjs';
import { percentile } from './percentiles.mjs';
import { stopAll } from './stop-all.mjs';
import { startBenchTenant } from './tenant.mjs';

/** The target is about ten times. Beside it a smaller number tells what is the budget's and what is the machine's. */
const runs = [
  { times: 10, peopleCount: 2000, hasTargets: true },
  { times: 4, peopleCount: 800, hasTargets: false },
];
/** The most that the tenant adds at once. */
const peopleAtOnce = 680;
/** People whose photo changes while the backfill goes on. */
const liveCount = 40;
const liveEveryMs = 4000;
/** The limits of a tenant of up to 1,000 licences, which the app assumes unless told otherwise; it takes half. */
const unitsAMinute = 1250;
const callsIn5Minutes = 3000;
const share = 0.5;
/** The tenant's own limits go by its people: those of up to 5,000 licences are twice as wide. */
const tenantIsWiderBy = (people) => (people > 1000 ? 2 : 1);
const unitsAPhoto = 10;
const unitsARequest = 2;
const longestMs = 30 * 60_000;

/**
 * Everybody's photo is written once, with SharePoint's limits and the app's rate multiplied; meanwhile photos change.
 * The floor is what the share of SharePoint's limits allows, all photos of the run divided by it.
 */
export async function measureBackfill(report) {
  for (const run of runs) {
    await measureRun(report, run);
    await stopAll();
  }
}

async function measureRun(report, { times, peopleCount, hasTargets }) {
  const limits = times / tenantIsWiderBy(peopleCount + liveCount);
  const bench = await startBenchTenant({ people: 0, limits: String(limits) });
  const { control } = bench;
  const people = [];
  while (people.length < peopleCount + liveCount) {
    people.push(...(await control.addUsers(Math.min(peopleAtOnce, peopleCount + liveCount - people.length))));
  }
  // Drawing a face for the first time is the tenant's work, not the app's.
  for (const { id } of people) await control.drawAll(id);
  const since = await control.lastRequest();
  const startedAt = await startBackfill(bench, times);

  let isDone = false;
  const changes = changeNowAndThen(control, people.slice(peopleCount), () => isDone);
  await allWritten(bench, people.slice(0, peopleCount), report);
  const seconds = (performance.now() - startedAt) / 1000;
  isDone = true;
  const took = await changes;

  const requests = (await control.requests(since)).filter(({ service }) =>
    ['root', 'mysite', 'admin'].includes(service),
  );
  const throttled = requests.filter(({ status }) => status === 429).length;
  const unitsASecond = (unitsAMinute / 60) * times * share;
  const floor = ((people.length - liveCount + took.length) * unitsAPhoto) / unitsASecond;
  const ratio = seconds / floor;
  const used = (requests.length * unitsARequest) / (unitsASecond * seconds);
  const p95 = percentile(took, 95);
  const name = `Backfill of ${peopleCount} photos, limits and rate times ${times}`;
  const add = (figure, value, goal) => report.add(figure, value, hasTargets ? goal : undefined);
  add(name, `${seconds.toFixed(0)} s, floor ${floor.toFixed(0)} s, ratio ${ratio.toFixed(2)}`, {
    ...{ target: 'ratio at most 1.15', isMet: ratio <= 1.15 },
  });
  add(`${name}: of the share used`, `${(used * 100).toFixed(0)} %`, {
    ...{ target: 'at least 90 %', isMet: used >= 0.9 },
  });
  add(`${name}: refused by 429`, `${throttled} of ${requests.length} requests`, {
    ...{ target: 'under 1 %', isMet: throttled < requests.length / 100 },
  });
  add(
    `${name}: a live change meanwhile, ${took.length} changes`,
    `p50 ${percentile(took, 50)} ms, p95 ${p95} ms, longest ${Math.max(...took)} ms`,
    { target: 'p95 < 3 s', isMet: p95 < 3000 },
  );
}

/** @returns when it began. */
async function startBackfill({ tenant, restartHost }, times) {
  await restartHost({
    BACKFILL: 'all',
    PEOPLE_MANAGER_LIMIT: String(callsIn5Minutes * times),
    RESOURCE_UNIT_LIMIT: String(unitsAMinute * times),
    MAX_WRITES_PER_DAY: '1000000',
    CHECKED_FIRST_WRITES: '0',
    BREAKER_SAME_PICTURE: '1000000',
  });
  const startedAt = performance.now();
  await fetch(`${tenant.functionsUrl}/admin/functions/sweep`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"input":""}',
  });
  return startedAt;
}

/** Asks the queue often and the tenant for everybody seldom, which takes time from the app. */
async function allWritten({ tenant, control }, people, report) {
  const backlog = QueueServiceClient.fromConnectionString(tenant.storage.connectionString).getQueueClient(
    queueNames.photoChangedBacklog,
  );
  const startedAt = performance.now();
  let saidAt = startedAt;
  await eventually(
    'everybody is in sync',
    async () => {
      const properties = await backlog.getProperties().catch(() => undefined);
      const queued = properties?.approximateMessagesCount;
      if (performance.now() - saidAt > 20_000) {
        saidAt = performance.now();
        report.say(`${queued} events are left after ${((saidAt - startedAt) / 1000).toFixed(0)} s`);
      }
      if (queued !== 0) return false;
      // SharePoint's own thumbnails count as in sync too, so the address tells who was written.
      const shown = new Map(
        (await control.users()).map(({ id, sharePoint }) => [id, sharePoint?.pictureUrl]),
      );
      return people.every(({ id }) => shown.get(id)?.includes(`m365-${id}`));
    },
    { timeoutMs: longestMs, pollMs: 500 },
  );
}

/** @returns how many ms each change took to reach SharePoint, by the tenant's own books. */
async function changeNowAndThen(control, persons, isDone) {
  const took = [];
  for (let n = 0; !isDone() && n < persons.length * 5; n++) {
    const { id } = persons[n % persons.length];
    await control.changePhoto(id, `live ${n % 12}`, true);
    const { syncedAfterMs } = await eventually(
      `SharePoint shows ${id}`,
      async () => {
        const person = await control.user(id);
        return person.inSync && person.syncedAfterMs !== null && person;
      },
      { pollMs: 200 },
    );
    took.push(syncedAfterMs);
    await wait(liveEveryMs);
  }
  return took;
}

import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from './eventually.mjs';
import { percentile } from './percentiles.mjs';
import { startBenchTenant } from './tenant.mjs';

const peopleCount = 2000;
/** The most that the tenant adds at once. */
const peopleAtOnce = 680;
/** People whose photo changes while the backfill goes on. */
const liveCount = 40;
const liveEveryMs = 4000;
/** Ten times the limits of a tenant of up to 5,000 licences; the app takes half. */
const unitsAMinute = 12_500;
const callsIn5Minutes = 30_000;
const share = 0.5;
const unitsAPhoto = 10;
const longestMs = 30 * 60_000;

/**
 * Everybody's photo is written once, with SharePoint's limits and the app's rate multiplied by ten; meanwhile photos
 * change. The floor is what the share of SharePoint's limits allows at best.
 */
export async function measureBackfill(report) {
  const { tenant, control, restartHost } = await startBenchTenant({
    people: 0,
    limits: 10,
  });
  const people = [];
  while (people.length < peopleCount + liveCount) people.push(...(await control.addUsers(peopleAtOnce)));
  const live = people.slice(peopleCount);
  // Drawing a face for the first time is the tenant's work, not the app's.
  for (const { id } of people) await control.drawAll(id);
  const since = await control.lastRequest();
  await restartHost({
    BACKFILL: 'all',
    PEOPLE_MANAGER_LIMIT: String(callsIn5Minutes),
    RESOURCE_UNIT_LIMIT: String(unitsAMinute),
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

  let isDone = false;
  const changes = changeNowAndThen(control, live, () => isDone);
  let saidAt = performance.now();
  const ids = new Set(people.slice(0, peopleCount).map(({ id }) => id));
  await eventually(
    'everybody is in sync',
    async () => {
      // SharePoint's own thumbnails count as in sync too, so the address tells who was written.
      const left = (await control.users()).filter(
        ({ id, sharePoint }) => ids.has(id) && !sharePoint?.pictureUrl.includes(`m365-${id}`),
      ).length;
      if (performance.now() - saidAt > 20_000) {
        report.say(`${left} photos are left after ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
        saidAt = performance.now();
      }
      return left === 0;
    },
    { timeoutMs: longestMs, pollMs: 5000 },
  );
  const seconds = (performance.now() - startedAt) / 1000;
  isDone = true;
  const took = await changes;

  const requests = (await control.requests(since)).filter(({ service }) =>
    ['root', 'mysite', 'admin'].includes(service),
  );
  const throttled = requests.filter(({ status }) => status === 429).length;
  const photos = peopleCount + took.length;
  const floor = (photos * unitsAPhoto) / ((unitsAMinute / 60) * share);
  const ratio = seconds / floor;
  const used = (requests.length * 2) / ((unitsAMinute / 60) * share * seconds);
  const name = `Backfill of ${peopleCount} photos`;
  report.add(
    `${name}, limits and rate times ten`,
    `${seconds.toFixed(0)} s, floor ${floor.toFixed(0)} s, ratio ${ratio.toFixed(2)}`,
    { target: 'ratio at most 1.15', isMet: ratio <= 1.15 },
  );
  report.add(`${name}: of the share used`, `${(used * 100).toFixed(0)} %`, {
    target: 'at least 90 %',
    isMet: used >= 0.9,
  });
  report.add(`${name}: refused by 429`, `${throttled} of ${requests.length} requests`, {
    target: 'under 1 %',
    isMet: throttled < requests.length / 100,
  });
  const p95 = percentile(took, 95);
  report.add(
    `A live change during a backfill, ${took.length} changes`,
    `p50 ${percentile(took, 50)} ms, p95 ${p95} ms, longest ${Math.max(...took)} ms`,
    { target: 'p95 < 3 s', isMet: p95 < 3000 },
  );
}

/** @returns how many ms each change took to reach SharePoint. */
async function changeNowAndThen(control, persons, isDone) {
  const took = [];
  for (let n = 0; !isDone() && n < persons.length * 5; n++) {
    const { id } = persons[n % persons.length];
    await control.changePhoto(id, `live ${n % 12}`, true);
    const { syncedAfterMs } = await eventually(`SharePoint shows ${id}`, async () => {
      const person = await control.user(id);
      return person.inSync && person.syncedAfterMs !== null && person;
    });
    took.push(syncedAfterMs);
    await wait(liveEveryMs);
  }
  return took;
}

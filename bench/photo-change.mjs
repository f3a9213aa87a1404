import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from './eventually.mjs';
import { percentile } from './percentiles.mjs';
import { startBenchTenant, unprotected } from './tenant.mjs';

const changes = 200;
const faces = 12;
/** After so long without a message the host polls its queue as seldom as host.json lets it: 0.1 + 0.2 + 0.3 + 0.5 + 0.9 s. */
const untilIdleMs = 2100;
const longestPollMs = 1000;

/**
 * From the moment Graph sends its notification to the moment SharePoint shows the picture, by the tenant's own books,
 * on a host with nothing else to do. Most of it is the wait for the next poll, so changes come at any time between two.
 */
export async function measurePhotoChange(report) {
  const { control } = await startBenchTenant({ people: 100, limits: 'off', settings: unprotected });
  const [drawn, first, ...persons] = (await control.users()).filter(({ kind }) => kind === 'ordinary');
  // Drawing a face for the first time is the tenant's work, not the app's; loading the libraries is measured elsewhere.
  for (let face = 0; face < faces; face++) {
    await control.changePhoto(drawn.id, `face-${face}`, false);
    await control.drawAll(drawn.id);
  }
  await change(control, first, 'face-0');

  const took = [];
  while (took.length < changes) {
    await wait(untilIdleMs + Math.random() * longestPollMs);
    const person = persons[took.length % persons.length];
    took.push(await change(control, person, `face-${took.length % faces}`));
    if (took.length % 50 === 0) report.say(`${took.length} of ${changes} photos changed`);
  }
  const [p50, p95] = [percentile(took, 50), percentile(took, 95)];
  report.add(
    `Photo change to SharePoint, ${changes} changes on an idle host`,
    `p50 ${p50} ms, p95 ${p95} ms, longest ${Math.max(...took)} ms`,
    { target: 'p50 < 1 s, p95 < 2 s', isMet: p50 < 1000 && p95 < 2000 },
  );
}

/** @returns how many ms it took. */
async function change(control, { id }, drawing) {
  await control.changePhoto(id, drawing, true);
  const { syncedAfterMs } = await eventually(`SharePoint shows ${id}`, async () => {
    const person = await control.user(id);
    return person.inSync && person.syncedAfterMs !== null && person;
  });
  return syncedAfterMs;
}

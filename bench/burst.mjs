import { countLooks } from './count-looks.mjs';
import { eventually } from './eventually.mjs';
import { peakMemoryMb } from './peak-memory.mjs';
import { applyDisabled, applyRunning, startBenchTenant, unprotected } from './tenant.mjs';

const peopleCount = 1000;
const rounds = 10;
const itemsAPost = 10;
const peopleAtOnce = 200;
const longestDrainMs = 30 * 60_000;
const sayEveryMs = 20_000;

/**
 * Everybody's photo changes and Graph notifies ten times of each while apply is disabled; then all is worked off. The
 * published limits are off: what is measured is the app, not how long it would have to wait for SharePoint.
 */
export async function measureBurst(report) {
  const settings = { ...unprotected, ...applyDisabled };
  const bench = await startBenchTenant({ people: 0, limits: 'off', settings });
  const { tenant, control, waiting, restartHost } = bench;
  const queued = await queueBurst(bench);
  const memoryReceiving = await peakMemoryMb(tenant.host.pid);
  report.say(`${queued} events are queued; Azurite takes a while to hand out so many`);

  const sinceRequest = await control.lastRequest();
  const startedAt = performance.now();
  const { pid } = await restartHost(applyRunning);
  await drained(waiting, report);
  const seconds = (performance.now() - startedAt) / 1000;
  const memoryApplying = await peakMemoryMb(pid);

  const lost = (await control.users()).filter(({ inSync }) => !inSync).length;
  const { looks, most, afterWriting } = countLooks(await control.requests(sinceRequest));
  const name = `Burst of ${peopleCount * rounds} notifications for ${peopleCount} people`;
  report.add(`${name}: photos lost`, String(lost), {
    target: '0',
    isMet: lost === 0 && queued >= peopleCount * rounds,
  });
  const each = (count) => (count / peopleCount).toFixed(2);
  report.add(
    `${name}: looks a person`,
    `at most ${most}, mean ${each(looks)}; besides, ${each(afterWriting)} right after writing`,
    { target: 'at most 2', isMet: most <= 2 },
  );
  for (const [what, megabytes] of [
    ['receiving', memoryReceiving],
    ['applying', memoryApplying],
  ]) {
    const figure = `${name}: peak memory of the app's process while ${what}`;
    if (megabytes === undefined) report.add(figure, 'only Linux tells');
    else report.add(figure, `${megabytes.toFixed(0)} MB`, { target: '< 300 MB', isMet: megabytes < 300 });
  }
  report.add(`${name}: worked off in`, `${seconds.toFixed(0)} s`);
}

/** @returns how many events lie in the queue. */
async function queueBurst({ control, waiting }) {
  const ids = (await control.addUsers(peopleCount)).map(({ id }) => id);
  for (const id of ids) await control.changePhoto(id, `new ${id}`, false);
  for (let round = 0; round < rounds; round++) {
    for (let first = 0; first < ids.length; first += peopleAtOnce) {
      const before = await control.lastNotification();
      await control.notify(ids.slice(first, first + peopleAtOnce), itemsAPost);
      await eventually('the notifications are answered', async () => {
        const answers = await control.notifications(before);
        return answers.filter(({ status }) => status === 202).length >= peopleAtOnce / itemsAPost;
      });
    }
  }
  return waiting();
}

async function drained(waiting, report) {
  let saidAt = performance.now();
  await eventually(
    'the burst is worked off',
    async () => {
      const left = await waiting();
      if (left > 0 && performance.now() - saidAt >= sayEveryMs) {
        report.say(`${left} events are left`);
        saidAt = performance.now();
      }
      return left === 0;
    },
    { timeoutMs: longestDrainMs, pollMs: 500 },
  );
}

import { readSampleSettings } from '../dist/simulator/launching/app-settings.js';
import { asManyAsGo, atFixedRate, send } from './answer-rates.mjs';
import { startEmptyHost } from './empty-host.mjs';
import { eventually } from './eventually.mjs';
import { notificationBodies } from './notification-body.mjs';
import { applyDisabled, applyRunning, startBenchTenant, unprotected } from './tenant.mjs';

const warmUpSeconds = 5;
const longestWarmUpMs = 5 * 60_000;

/**
 * How fast notifications are answered: as many as go, and at a fixed rate. They are about people whose photo has not
 * changed, as nearly all are. An empty function shows what the host costs by itself.
 */
export async function measureAnswers(report) {
  const bench = await startBenchTenant({ people: 150, settings: { ...unprotected, ...applyDisabled } });
  const bodiesOf = await aboutPeopleUpToDate(bench);

  const emptyUrl = `${await startEmptyHost()}/api/empty`;
  await send(emptyUrl, bodiesOf(1), warmUpSeconds);
  await atFixedRate(report, 'empty function', emptyUrl, bodiesOf(1));
  await asManyAsGo(report, 'empty function', emptyUrl, bodiesOf(1), 1);

  await measureApp(report, bench, bodiesOf, { when: 'apply disabled', limitMs: 50 });
  await bench.queue.clearMessages();
  await bench.restartHost(applyRunning);
  await measureApp(report, bench, bodiesOf, { when: 'apply running', limitMs: 1000 });
}

async function measureApp(report, { tenant, queue, waiting }, bodiesOf, { when, limitMs }) {
  const url = `${tenant.functionsUrl}/api/notifications`;
  // The first notifications load the libraries, and the next thousand get their code compiled; a running app has both.
  await send(url, bodiesOf(1), warmUpSeconds);
  if (when === 'apply disabled') await queue.clearMessages();
  else {
    const isWorkedOff = async () => (await waiting()) === 0;
    await eventually('the warm-up is worked off', isWorkedOff, { timeoutMs: longestWarmUpMs });
  }

  await atFixedRate(report, when, url, bodiesOf(1), limitMs);
  for (const items of [1, 100]) {
    await queue.clearMessages();
    await asManyAsGo(report, when, url, bodiesOf(items), items);
  }
}

/** Has the app know everybody's photo. @returns what makes bodies with so many notifications each. */
async function aboutPeopleUpToDate({ control, rememberAsApplied }) {
  const persons = (await control.users()).filter(({ source }) => source);
  await rememberAsApplied(persons);
  const [subscription] = await control.subscriptions();
  const { TENANT_ID: tenantId } = await readSampleSettings();
  const ids = persons.map(({ id }) => id);
  return (itemsEach) => notificationBodies(subscription, tenantId, ids, itemsEach);
}

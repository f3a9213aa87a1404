import { resolve } from 'node:path';
import { feedAppLog } from './launching/app-log-feed';
import { feedAppState } from './launching/app-state-feed';
import { readSampleSettings, settingsFromEnvironment } from './launching/app-settings';
import { findPortProblems } from './launching/check-ports';
import { prepareDataFolder } from './launching/data-folder';
import { passDoctor } from './launching/pass-doctor';
import { readStartOptions, startHelp } from './launching/start-options';
import { subscribe } from './launching/subscribe';
import { sweepOnce } from './launching/sweep-once';
import { readTenantPorts } from './launching/tenant-ports';
import { startLocalTenant, type ChildHandle, type HostLogLine, type LocalTenant } from './local-tenant';

/** `npm start`: the whole product on this machine, until Ctrl-C. */

const say = (text: string) => process.stdout.write(`${text}\n`);
const complain = (text: string) => process.stderr.write(`${text}\n`);

let tenant: LocalTenant | undefined;
let stopping = false;
/** The function host ends because it is to start again. */
let restarting = false;

async function main(): Promise<void> {
  const options = readStartOptions(process.argv.slice(2));
  if (!options) {
    say(startHelp);
    return;
  }
  const problems = await findPortProblems(readTenantPorts(process.env));
  if (problems.length > 0) {
    throw new Error([...problems, 'Is the local tenant running already?'].join('\n'));
  }
  const dataDir = resolve(process.env['SIM_DATA_DIR'] || '.local');
  await prepareDataFolder(dataDir, options.reset);

  say('Starting Azurite, a simulated Microsoft 365 tenant and the app …');
  let onLog: (line: HostLogLine) => void = showError;
  tenant = await startLocalTenant({
    dataDir,
    // As the templates have it in Azure.
    settings: {
      DOCTOR_REQUIRED: 'true',
      ...settingsFromEnvironment(await readSampleSettings(), process.env),
    },
    keepLogs: false,
    onLog: (line) => {
      onLog(line);
    },
    onErrorLine: complain,
  });
  watchForEnd({
    Azurite: tenant.azurite,
    'The simulated tenant': tenant.simulator,
    'The function host': tenant.host,
  });
  const feed = feedAppLog(tenant.pageUrl);
  onLog = (line) => {
    showError(line);
    feed.take(line);
  };
  feedAppState(tenant, { resume: (stopId) => restartHost({ BREAKER_RESUME: stopId }) });
  await subscribe(tenant);
  const problem = await passDoctor(tenant);
  if (problem !== undefined) complain(problem);
  const isDone = await sweepOnce(tenant, showProgress);
  if (process.stdout.isTTY) say('');
  if (!isDone) say('The app goes on with the others in the background.');
  say(`
Photo Sync for SharePoint is running.

  Open            ${tenant.pageUrl}
  State is in     ${dataDir}   (npm start -- --reset begins anew)
  Stop it with    Ctrl-C
`);
}

/** Everything else is on the page. */
function showError(line: HostLogLine): void {
  if (line.level === 'error') complain(`${line.function || 'function host'}: ${line.message}`);
}

let progressShown = '';
function showProgress(seen: number, people: number): void {
  const text = `The app looks at the photo that everybody has now: ${String(seen)} of ${String(people)}`;
  if (text === progressShown) return;
  if (process.stdout.isTTY) process.stdout.write(`\r${text}`);
  else if (seen === people) say(text);
  progressShown = text;
}

/** What Azure does when a setting is changed. */
async function restartHost(settings: Record<string, string>): Promise<void> {
  restarting = true;
  await tenant?.host?.stop();
  const host = await tenant?.startHost({ settings });
  restarting = false;
  if (host) watchForEnd({ 'The function host': host });
}

/** No part is of use without the others. */
function watchForEnd(parts: Record<string, ChildHandle | undefined>): void {
  for (const [name, part] of Object.entries(parts)) {
    void part?.ended.then(({ code, signal }) => {
      if (stopping || restarting) return;
      complain(`${name} ended unexpectedly (${signal ?? `exit code ${String(code)}`}). Stopping the rest.`);
      void stop(1);
    });
  }
}

async function stop(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  if (exitCode === 0) say('\nStopping …');
  // Before it is up there is nothing to save, and its processes end with this one.
  await tenant?.stop();
  process.exit(exitCode);
}

/** npm passes Ctrl-C on to us, and so does the terminal: two at once are one. A later one is from somebody in a hurry. */
const onceMeantMs = 1000;
let firstSignalAt: number | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    firstSignalAt ??= performance.now();
    if (performance.now() - firstSignalAt > onceMeantMs) process.exit(1);
    void stop(0);
  });
}

main().catch(async (error: unknown) => {
  if (stopping) return;
  complain(error instanceof Error ? error.message : String(error));
  await stop(1);
});

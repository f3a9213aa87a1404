import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  startLocalTenant,
  type LocalTenant,
  type LocalTenantOptions,
} from '../../src/simulator/local-tenant';
import { packageFolder } from '../../src/simulator/launching/project-root';
import { AppLog } from './app-log';
import { openAppStorage, type AppStorage } from './app-storage';
import { createAudit } from './audit';
import {
  createControlApi,
  type ControlApi,
  type LoggedRequest,
  type PersonKind,
  type SimPerson,
} from './control-api';
import { eventually } from './eventually';
import { findLeaks } from './find-leaks';
import { takeAccount } from './shared-azurite';
import { newTenantFolder } from './tenant-folder';

export { eventually };
export type { AppLine } from './app-log';
export type { LoggedRequest, PersonKind, ServiceFault, SimPerson } from './control-api';

export interface JourneyOptions extends Partial<Omit<LocalTenantOptions, 'dataDir' | 'appFolder' | 'ports'>> {
  /** Default true: the app has made its subscription before the journey begins. */
  subscribe?: boolean;
  /** An Azurite of its own, to be stopped or reached in another way. */
  ownAzurite?: boolean;
}

/** A whole local tenant with the real app in it, and the ways to move and to watch it. */
export interface Journey {
  tenant: LocalTenant;
  control: ControlApi;
  storage: AppStorage;
  /** What all of the tenant's function hosts have logged. */
  log: AppLog;
  audit: Awaited<ReturnType<typeof createAudit>>;
  /** A person of this kind whom no other test of the file has. */
  take(kind?: PersonKind): Promise<SimPerson>;
  /** Starts a timer function by hand, as an admin may. */
  runTimer(name: string): Promise<void>;
  /** Waits until SharePoint shows the person's own current photo. */
  inSync(id: string): Promise<void>;
  /** Requests that the app has made since number `n`, of one service or of all. */
  requestsSince(n: number, service?: LoggedRequest['service']): Promise<LoggedRequest[]>;
  stop(): Promise<void>;
}

/** Waits that take minutes in a tenant take a second here; the timer runs only when a test starts it. */
const shortWaits = {
  COALESCE_SECONDS: '1',
  LIFECYCLE_INTERVAL: '1s',
  // So many that a slow machine does not use them up: what a sweep sent ends then.
  RETRY_SECONDS: '1,1,2,2,2,2,2,2,2,2,2,2',
  SUBSCRIPTION_SCHEDULE: '0 0 0 1 1 *',
  SWEEP_SCHEDULE: '0 0 0 1 1 *',
  SCOPE_SCHEDULE: '0 0 0 1 1 *',
  SECOND_LOOK_SECONDS: 'off',
  CHECKED_FIRST_WRITES: '0',
  // A budget that no journey uses up.
  SHAREPOINT_LICENCES: '100000',
};

// A journey waits for what comes in seconds; on a busy machine it takes a few times as long.
jest.setTimeout(60_000);

/** Starting three processes takes seconds, and on a busy machine many. */
export const startMs = 90_000;

export async function startJourney({
  subscribe = true,
  ownAzurite = false,
  ...options
}: JourneyOptions = {}): Promise<Journey> {
  const dataDir = await newTenantFolder();
  const log = new AppLog();
  // The real worker would have ended at each of these.
  const unhandled: string[] = [];
  const errorLines: string[] = [];
  const remove = () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  let tenant: LocalTenant;
  try {
    // Of what is deployed, and where nothing lies around that it could load besides.
    const appFolder = join(dataDir, 'app');
    await cp(packageFolder, appFolder, { recursive: true });
    tenant = await startLocalTenant({
      ...(!ownAzurite && { storage: await takeAccount() }),
      ...options,
      dataDir,
      appFolder,
      ports: 'free',
      people: options.people ?? 30,
      simulatorEnv: { SIM_DRAW_AHEAD: 'off', ...options.simulatorEnv },
      settings: { ...shortWaits, ...options.settings },
      onLog: (line) => {
        log.take(line);
        if (line.message.startsWith('Unhandled rejection')) unhandled.push(line.message);
        options.onLog?.(line);
      },
      onErrorLine: (line) => {
        errorLines.push(line);
        options.onErrorLine?.(line);
      },
    });
  } catch (error) {
    await remove();
    throw error;
  }
  const control = createControlApi(tenant.pageUrl);
  const storage = openAppStorage(tenant.storage.connectionString);
  const audit = await createAudit(control, tenant.mySiteUrl);
  const taken = new Set<string>();

  const journey: Journey = {
    tenant,
    control,
    storage,
    log,
    audit,
    async take(kind = 'ordinary') {
      const free = (await control.users()).find((person) => person.kind === kind && !taken.has(person.id));
      const person = free ?? (await control.addUsers(1, kind))[0]!;
      // Between the two awaits another test may have taken the same one.
      if (taken.has(person.id)) return journey.take(kind);
      taken.add(person.id);
      return person;
    },
    async runTimer(name) {
      const response = await fetch(`${tenant.functionsUrl}/admin/functions/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"input":""}',
      });
      expect(response.status).toBe(202);
    },
    async inSync(id) {
      // The tenant's own verdict is cheap to ask for; the audit then proves it.
      await eventually(`${id} is in sync`, async () => {
        const { inSync, sharePoint } = await control.user(id);
        return inSync && sharePoint?.pictureUrl.includes(id);
      });
      await eventually(`${id} passes the audit`, async () => {
        await audit.person(id);
        return true;
      });
    },
    async requestsSince(n, service) {
      return (await control.requests(n)).filter((request) => !service || request.service === service);
    },
    async stop() {
      const secrets = await control.secrets();
      await tenant.stop();
      await remove();
      const said = [...log.everything.map(({ message }) => message), ...errorLines];
      expect(findLeaks(said, secrets)).toEqual([]);
      expect(unhandled).toEqual([]);
    },
  };
  if (subscribe && tenant.host) await letSubscribe(journey);
  return journey;
}

/** Has the app make its subscription, and waits until it has it on record. */
export async function letSubscribe({ control, log, runTimer }: Journey): Promise<void> {
  const since = log.mark();
  await runTimer('keep-subscription');
  await log.next('subscription-created', {}, since);
  // It lists them once more after making one; that request is not to be met among a test's own.
  await eventually('the app has listed its subscriptions again', async () => {
    const methods = (await control.requests())
      .filter(({ path }) => path.endsWith('/subscriptions'))
      .map(({ method }) => method);
    return methods.lastIndexOf('GET') > methods.lastIndexOf('POST');
  });
  expect(await control.subscriptions()).toHaveLength(1);
}

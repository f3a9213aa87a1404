import { loadConfig, type Config } from '../../../src/config';
import { applyPhoto } from '../../../src/photos/apply-photo';
import type { Delivery } from '../../../src/photos/fold-looks';
import type { PhotoEvent } from '../../../src/photos/photo-event';
import type { ApplyDeps } from '../../../src/photos/run';
import { scopeOfSettings } from '../../../src/scope/scope-source';
import { addressSettings, readSampleSettings } from '../../../src/simulator/launching/app-settings';
import { queueNames } from '../../../src/storage/names';
import { createPersonTable } from '../../../src/storage/person-table';
import { openTenant, type Tenant } from '../../../src/tenant/open-tenant';
import type { Stop, WriteGate } from '../../../src/writing/gate';
import { runSimulator } from '../../simulator/running-simulator';
import { createControlApi, type ControlApi, type SimPerson } from '../../support/control-api';
import { memoryTable } from '../../support/memory-table';
import { recordedLog } from '../../support/recorded-log';
import { recordedQueue, type RecordedQueue } from '../../support/recorded-queue';
import { trustAuthority } from '../../support/trust-authority';

/** One person with an app of their own: the real code and clients above a table in memory and a queue that only keeps. */
export interface Cell {
  person: SimPerson;
  people: ApplyDeps['people'];
  queue: RecordedQueue;
  apply(event: Partial<PhotoEvent>, delivery?: Partial<Delivery>): Promise<void>;
}

interface CellOptions {
  /**
   * Settings that differ for this one. Those who have the same share their clients, and so their tokens and what these
   * remember: with an AZURE_CLIENT_ID of its own, an app has no token and knows nothing yet.
   */
  own?: Record<string, string>;
  /** Each write is one of the first. */
  mustReadBack?: boolean;
  /** Nothing may be written. */
  stop?: Stop;
  /** In place of one that lets everything through. */
  gate?: WriteGate;
  /** What another app has noted. */
  people?: ApplyDeps['people'];
}

export interface Laboratory {
  control: ControlApi;
  hosts: { graph: string; mysite: string; admin: string };
  /** The app's own clients. */
  app(own: Record<string, string>): { config: Config; tenant: Tenant };
  cell(person: SimPerson, options?: CellOptions): Cell;
  end(): Promise<void>;
}

const gateWith = (mustReadBack: boolean, stop: Stop | undefined): WriteGate => ({
  stopFor: async () => stop,
  stopAhead: async () => stop,
  admit: async () => (stop ? { stop } : { mustReadBack }),
  giveBack: async () => undefined,
  endFirstWrite: async (_, end) =>
    typeof end === 'object' ? { code: 'breaker', reason: end.problem } : undefined,
  heedResume: async () => undefined,
  reportsOnly: async () => undefined,
  throttled: async () => undefined,
  removalSeen: async () => undefined,
});

/** The local tenant in this process, and the app's own code with its real clients against it, over HTTPS. */
export async function openLaboratory(settings: Record<string, string>): Promise<Laboratory> {
  const simulator = await runSimulator({ SIM_PEOPLE: '1', SIM_LIMITS: 'off' });
  const distrust = trustAuthority(simulator.ca);
  const environment: Record<string, string> = {
    ...(await readSampleSettings()),
    ...addressSettings({ ...simulator, functionsUrl: 'http://127.0.0.1:1' }),
    ...settings,
  };
  // The managed identity's client looks for these itself.
  for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER']) process.env[name] = environment[name];

  const apps = new Map<string, ReturnType<typeof openApp>>();
  const appOf = (own: Record<string, string>) => {
    const key = JSON.stringify(own);
    const app = apps.get(key) ?? openApp({ ...environment, ...own });
    apps.set(key, app);
    return app;
  };

  return {
    control: createControlApi(simulator.pageUrl),
    hosts: { graph: simulator.graphUrl, mysite: simulator.mySiteUrl, admin: simulator.adminUrl },
    app: appOf,
    cell(
      person,
      {
        own = {},
        mustReadBack = false,
        stop,
        gate = gateWith(mustReadBack, stop),
        people = createPersonTable(memoryTable(() => new Date())),
      } = {},
    ) {
      const { config, tenant } = appOf(own);
      const queue = recordedQueue();
      const deps: ApplyDeps = {
        ...tenant,
        settings: config,
        people,
        queue,
        gate,
        scope: scopeOfSettings(config.scope),
        log: recordedLog().log,
        monotonicMs: () => performance.now(),
        random: () => 0,
      };
      return {
        person,
        people,
        queue,
        apply: (event, delivery) =>
          applyPhoto(
            deps,
            {
              ...{ personId: person.id, cause: 'admin', force: false, attempt: 0, correlationId: 'cell' },
              ...event,
            },
            { queue: queueNames.photoChanged, dequeueCount: 1, insertedAt: new Date(), ...delivery },
          ),
      };
    },
    async end() {
      distrust();
      await simulator.end();
    },
  };
}

function openApp(environment: Record<string, string>) {
  const config = loadConfig(environment);
  return { config, tenant: openTenant(config) };
}

import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from './config';
import type { Log } from './log';
import type { ApplyDeps } from './photos/run';
import type { WriteGate } from './writing/gate';

/*
 * What the triggers share, made at first use and kept for the life of the process. The libraries are loaded from here
 * and not by the triggers' files, so that a handshake is answered without them.
 */

export const monotonicMs = () => performance.now();

/** Made once; a failed attempt is made again by the next call. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** @throws InvalidSettings */
export const config: () => Promise<Config> = once(async () => {
  const { loadConfig } = await import('./config.js');
  return loadConfig(process.env);
});

/** Needs no setting but the connection, so that an event can be put back even when the other settings are wrong. */
export const storage = once(async () => {
  const { openStorage } = await import('./storage/open-storage.js');
  return openStorage(process.env);
});

/** Microsoft 365, reached with the app's managed identity. */
export const tenant = once(async () => {
  const { openTenant } = await import('./tenant/open-tenant.js');
  return openTenant(await config());
});

/** For whom the app writes. */
export const scope = once(async () => {
  const { openScope } = await import('./scope/open-scope.js');
  return openScope({ settings: (await config()).scope, storage, monotonicMs });
});

/** What all events of a process share of the gate before each write. */
const gateDeps = once(async () => {
  const [
    { createStorageClock },
    { createTurns },
    { createRecentControl },
    { requestSweep },
    { doctorFacts },
    settings,
    state,
    scopeSource,
  ] = await Promise.all([
    import('./writing/storage-clock.js'),
    import('./writing/turns.js'),
    import('./writing/recent-control.js'),
    import('./sweep/start-sweep.js'),
    import('./writing/decide-doctor.js'),
    config(),
    storage(),
    scope(),
  ]);
  const { control, budget, breaker, sweeps, queue } = state;
  const waiting = { sleep, random: Math.random };
  return {
    scope: scopeSource,
    maximumWritesPerDay: settings.breaker.maximumWritesPerDay,
    doctor: { isRequired: settings.doctorRequired, ...doctorFacts(settings) },
    breaker: {
      ...waiting,
      control,
      table: breaker,
      settings: settings.breaker,
      countWritten: async () => {
        const records = await sweeps.records();
        return records.find(({ outcome }) => outcome === 'complete')?.counts.ours;
      },
      requestSweep: (log: Log) =>
        requestSweep({ sweeps, queue, log }, 'Writing goes on after a stop of the breaker.'),
    },
    recentControl: createRecentControl(control, monotonicMs),
    budget: {
      ...waiting,
      table: budget,
      settings: settings.budget,
      monotonicMs,
      storageTimeMs: createStorageClock(monotonicMs),
      inTurn: createTurns(),
    },
    firstWrites: {
      ...waiting,
      control,
      settings: { checkedFirstWrites: settings.breaker.checkedFirstWrites, claimMs: settings.claimMs },
      monotonicMs,
    },
  };
});

/** Whether the app may write now. @throws InvalidSettings */
export async function gate(log: Log): Promise<WriteGate> {
  const { createWriteGate } = await import('./writing/gate.js');
  return createWriteGate(await gateDeps(), log);
}

/** Everything that applying a photo needs. @throws InvalidSettings */
export async function applyDeps(log: Log): Promise<ApplyDeps> {
  const [settings, { queue, people }, { photos, profiles }, scopeSource, writeGate] = await Promise.all([
    config(),
    storage(),
    tenant(),
    scope(),
    gate(log),
  ]);
  return {
    settings,
    queue,
    people,
    gate: writeGate,
    scope: scopeSource,
    photos,
    profiles,
    log,
    monotonicMs,
    random: Math.random,
  };
}

import type { Log } from '../../src/log';
import type { ScopeSource } from '../../src/scope/scope-source';
import { createBreakerTable } from '../../src/storage/breaker-table';
import { createBudgetTable } from '../../src/storage/budget-table';
import type { ControlTable } from '../../src/storage/control-table';
import type { Table } from '../../src/storage/table';
import { createWriteGate, type GateDeps, type WriteGate } from '../../src/writing/gate';
import { createStorageClock } from '../../src/writing/storage-clock';
import { memoryTable } from './memory-table';

/** The app's own gate over tables in memory, with a budget that nobody can use up. */
export function gateOf(
  { control, scope, table = memoryTable(), log }: GivenToGate,
  changes: (deps: GateDeps) => GateDeps = (deps) => deps,
): WriteGate {
  const waiting = { sleep: async () => undefined, random: () => 0.5 };
  const deps: GateDeps = {
    scope,
    maximumWritesPerDay: Infinity,
    doctor: { isRequired: false, identity: '', sites: '' },
    breaker: {
      ...waiting,
      control,
      table: createBreakerTable(table),
      settings: { removalPercent: 5, removals: 1_000_000, samePicture: 1_000_000, resume: undefined },
      countWritten: async () => undefined,
      requestSweep: async () => undefined,
    },
    recentControl: () => control.read(),
    budget: {
      ...waiting,
      table: createBudgetTable(table),
      settings: { peopleManagerPerSecond: 1_000_000, unitsPerSecond: 1_000_000 },
      monotonicMs: () => 0,
      storageTimeMs: createStorageClock(() => 0),
      inTurn: (work) => work(),
    },
    firstWrites: {
      ...waiting,
      control,
      settings: { checkedFirstWrites: 0, claimMs: 120_000 },
      monotonicMs: () => 0,
    },
  };
  return createWriteGate(changes(deps), log ?? silentLog);
}

interface GivenToGate {
  control: ControlTable;
  scope: ScopeSource;
  table?: Table;
  log?: Log;
}

const silent = () => undefined;
const silentLog: Log = { debug: silent, info: silent, warn: silent, error: silent };

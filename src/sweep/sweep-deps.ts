import type { Config } from '../config';
import type { Log } from '../log';
import type { ScopeSource } from '../scope/scope-source';
import type { BreakerTable } from '../storage/breaker-table';
import type { EventQueue } from '../storage/event-queue';
import type { PersonTable } from '../storage/person-table';
import type { SweepTable } from '../storage/sweep-table';
import type { PhotoLooks } from '../tenant/graph-looks';
import type { PeopleSource } from '../tenant/graph-people';

/** The settings that a sweep reads. */
export type SweepSettings = Pick<
  Config,
  'mode' | 'backfill' | 'removals' | 'sweep' | 'retrySeconds' | 'scope'
>;

/** What a sweep works with. */
export interface SweepDeps {
  settings: SweepSettings;
  sweeps: SweepTable;
  people: PersonTable;
  breaker: BreakerTable;
  queue: EventQueue;
  scope: ScopeSource;
  /** The directory's list of people. */
  directory: PeopleSource;
  looks: PhotoLooks;
  log: Log;
  /** Milliseconds of a clock that no one can set. */
  monotonicMs: () => number;
  /** 0 to 1, for jitter. */
  random: () => number;
}

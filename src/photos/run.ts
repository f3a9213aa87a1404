import type { Log } from '../log';
import type { EventQueue } from '../storage/event-queue';
import type { PersonTable } from '../storage/person-table';
import type { PhotoSource } from '../tenant/graph';
import type { ProfileStore } from '../tenant/sharepoint';
import type { ApplySettings } from './apply-settings';
import type { Delivery } from './fold-looks';
import type { PhotoEvent } from './photo-event';
import type { ScopeSource } from '../scope/scope-source';
import type { WriteGate } from '../writing/gate';

/** What applying a photo works with. */
export interface ApplyDeps {
  settings: ApplySettings;
  people: PersonTable;
  gate: WriteGate;
  scope: ScopeSource;
  queue: EventQueue;
  photos: PhotoSource;
  profiles: ProfileStore;
  log: Log;
  /** Milliseconds of a clock that no one can set. */
  monotonicMs: () => number;
  /** 0 to 1, for jitter. */
  random: () => number;
}

/** One event at work: what it began with and what it has done, which a copy of it must carry on. */
export interface Run {
  event: PhotoEvent;
  delivery: Delivery;
  /** Redelivered or forced from the start. */
  forced: boolean;
  hasClaimed: boolean;
  /** Storage's time, as last read. */
  now: Date;
}

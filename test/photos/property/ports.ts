import type { ApplyDeps } from '../../../src/photos/run';
import { scopeOfSettings } from '../../../src/scope/scope-source';
import { createPersonTable } from '../../../src/storage/person-table';
import type { Table } from '../../../src/storage/table';
import { gateOf } from '../../support/write-gate';
import type { Random } from '../../protocol/random';
import type { Hazards, Worker } from './hazards';
import { removalConfirmMs } from './removal-time';
import { controlOf, queueOf, tableOf } from './storage-ports';
import { adminUrl, mySiteUrl, type Tenant } from './tenant';
import { photosOf, profilesOf } from './tenant-ports';
import type { Timeline } from './timeline';

/** What all workers share. */
export interface World {
  timeline: Timeline;
  hazards: Hazards;
  tenant: Tenant;
  rows: Table;
  coalesceMs: number;
  secondLookSeconds: readonly number[];
  random: Random;
  send: (queue: string, text: string, delaySeconds: number) => void;
  /** About whom an event ended because a sweep sends it again. */
  leftToSweep: Set<unknown>;
}

const scope = scopeOfSettings({ pilotUsers: undefined });

/** A worker's ports: fakes at the edge, and the app's own person table above a table in memory. */
export function portsOf(world: World, worker: Worker): ApplyDeps {
  return {
    settings: {
      mode: 'apply',
      scope: { includeGuests: false, includeDisabled: false },
      secondLookSeconds: world.secondLookSeconds,
      checkAfterMs: 86_400_000,
      removals: 'clear',
      removalConfirmMs,
      removedFilesMs: removalConfirmMs,
      geos: [{ mySiteUrl, adminUrl }],
      coalesceMs: world.coalesceMs,
      missingUserMs: 600_000,
      claimMs: 120_000,
      retrySeconds: [60, 120, 300, 900, 3600],
    },
    people: createPersonTable(tableOf(world, worker)),
    gate: gateOf({ control: controlOf(world, worker), scope }),
    scope,
    queue: queueOf(world, worker),
    photos: photosOf(world, worker),
    profiles: profilesOf(world, worker),
    log: {
      ...{ debug: silent, info: silent, error: silent },
      warn: (event, fields) => {
        if (event === 'photo-left-to-sweep') world.leftToSweep.add(fields?.personId);
      },
    },
    monotonicMs: () => world.timeline.monotonicMs(),
    random: () => 0.5,
  };
}

const silent = () => undefined;

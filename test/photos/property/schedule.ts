import fc from 'fast-check';
import { photoKinds, type PhotoKind } from './photos';

export type Service = 'Graph' | 'SharePoint' | 'storage';

/** What happens to one call of a worker on one of its ports. */
export interface Hazard {
  of: Service;
  /** Which call on that service, counted over all workers. */
  call: number;
  /** How long it takes, beyond the moment that everything takes. */
  stallMs: number;
  happens:
    | 'nothing'
    | 'dies before'
    | 'dies after'
    | 'fails before'
    | 'fails after'
    | 'breaks'
    | 'answer lost'
    | 'taken for dead';
}

/**
 * From its call `from` on, the next `calls` calls on a service fail. A pause of writing and a profile that SharePoint
 * does not have fail nothing: there, `calls` counts how often it is asked for and answered so.
 */
export interface Outage {
  of: Service | 'pause' | 'no profile';
  from: number;
  calls: number;
  how: 'fails' | 'breaks';
}

export interface Change {
  afterMs: number;
  photo: PhotoKind | 'removed';
  /** When events about it come besides the first, in milliseconds after it. */
  doubles: { afterMs: number; cause: 'notification' | 'sweep' }[];
}

/** Everything that the worker has no say in. */
export interface Schedule {
  /** At most so many at once. */
  workers: number;
  /** How long everything takes. */
  paceMs: number;
  /** From 3 s up: what is due earlier is not surely later, as Storage's servers are up to a second wrong each way. */
  coalesceMs: number;
  /** For up to so long after a change, some of Graph's servers have the old photo still. */
  lagMs: number;
  /** What is to be seen again before it counts is confirmed by messages; these get lost, and only a sweep is left. */
  losesConfirmations: boolean;
  /** How long after a look that found nothing changed there is another. */
  secondLookSeconds: number[];
  /** Chooses what no shrinking could make simpler: who goes next, how wrong clocks are, which of Graph's servers answers. */
  seed: number;
  /** One list a person. */
  changes: Change[][];
  hazards: Hazard[];
  outages: Outage[];
}

const soon = fc.oneof(fc.nat(300), fc.nat(3000));

/** Soon, within the time in which notifications share a look, or when a dead worker's message is back. */
const sometime = fc.oneof(
  { weight: 6, arbitrary: soon },
  { weight: 3, arbitrary: fc.nat(15_000) },
  { weight: 2, arbitrary: fc.integer({ min: 50_000, max: 120_000 }) },
  // Within the time in which a removal is confirmed, or about when it is.
  { weight: 1, arbitrary: fc.integer({ min: 120_000, max: 700_000 }) },
);

function changes(afterMs: fc.Arbitrary<number>): fc.Arbitrary<Change[]> {
  const double = fc.record({ afterMs, cause: fc.constantFrom('notification', 'sweep') });
  const changeTo = (photo: fc.Arbitrary<Change['photo']>) =>
    fc.record({ afterMs, photo, doubles: fc.array(double, { maxLength: 2 }) });
  const any = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Change['photo'][]>(...photoKinds) },
    { weight: 1, arbitrary: fc.constant<Change['photo']>('removed') },
  );
  return fc.array(changeTo(any), { minLength: 1, maxLength: 4 });
}

/** Most schedules have about so many calls on each service. */
const call = fc.nat(120);

const hazard: fc.Arbitrary<Hazard> = fc.record({
  // What is written to SharePoint is where it matters most.
  of: fc.constantFrom('SharePoint', 'SharePoint', 'Graph', 'storage'),
  call,
  stallMs: fc.oneof(fc.constant(0), sometime, fc.nat(200_000)),
  happens: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('nothing', 'fails after', 'taken for dead') },
    {
      weight: 3,
      arbitrary: fc.constantFrom('dies before', 'dies after', 'fails before', 'breaks', 'answer lost'),
    },
  ),
});

const outage: fc.Arbitrary<Outage> = fc.record({
  of: fc.constantFrom('Graph', 'SharePoint', 'storage', 'pause', 'no profile'),
  from: call,
  calls: fc.integer({ min: 1, max: 25 }),
  how: fc.constantFrom('fails', 'fails', 'fails', 'breaks'),
});

const seed = fc.noShrink(fc.nat());

const everything: fc.Arbitrary<Schedule> = fc.record({
  workers: fc.integer({ min: 2, max: 5 }),
  paceMs: fc.constantFrom(200, 30, 1500),
  coalesceMs: fc.constantFrom(10_000, 3000, 200_000),
  lagMs: fc.constantFrom(0, 0, 30_000, 120_000),
  losesConfirmations: fc.constantFrom(false, false, true),
  secondLookSeconds: fc.constantFrom([], [], [20, 90]),
  seed,
  changes: fc.tuple(changes(sometime), changes(sometime)),
  hazards: fc.array(hazard, { maxLength: 16 }),
  outages: fc.array(outage, { maxLength: 2 }),
});

const stall: fc.Arbitrary<Hazard> = fc.record({
  of: fc.constantFrom('SharePoint', 'SharePoint', 'Graph'),
  call: fc.nat(100),
  stallMs: fc.nat(10_000),
  happens: fc.constant('nothing'),
});

/** Nothing fails, but all comes at once, some take their time, and Graph's servers do not agree. */
const races: fc.Arbitrary<Schedule> = fc.record({
  workers: fc.integer({ min: 4, max: 8 }),
  paceMs: fc.constant(30),
  coalesceMs: fc.constant(3000),
  lagMs: fc.constant(60_000),
  losesConfirmations: fc.constant(false),
  secondLookSeconds: fc.constant([]),
  seed,
  changes: fc.tuple(changes(soon), changes(soon)),
  hazards: fc.array(stall, { minLength: 20, maxLength: 40 }),
  outages: fc.constant([]),
});

export const schedules: fc.Arbitrary<Schedule> = fc.oneof(
  { weight: 2, arbitrary: everything },
  { weight: 1, arbitrary: races },
);

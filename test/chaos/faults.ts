import type { Random } from '../protocol/random';
import type { ServiceFault } from '../support/control-api';
import type { NotificationFault } from '../../src/simulator/faults/fault-schema';
import type { StorageFault, StorageRuleOptions } from '../support/storage-proxy';

export type TenantFault = ServiceFault | NotificationFault;

const places: { service: ServiceFault['service']; matches: (string | undefined)[]; weight: number }[] = [
  {
    service: 'graph',
    weight: 5,
    matches: [undefined, '/photo$', 'batch$', '/photos/', '/users/[^/]+\\?', 'photo/.value'],
  },
  { service: 'mysite', weight: 4, matches: [undefined, '_SThumb', '_MThumb', '_LThumb', '/Folders'] },
  { service: 'admin', weight: 4, matches: [undefined, 'GetPropertiesFor', 'ProcessQuery'] },
  { service: 'identity', weight: 2, matches: [undefined] },
];

const refusals = [401, 403, 404, 409, 412, 423, 429, 500, 502, 503, 504] as const;
const cuts = ['reset', 'hang', 'truncate'] as const;

/** One of all the ways in which a service can fail a few requests: before its work is done, or after. */
export function drawServiceFault(random: Random): ServiceFault {
  const { service, matches } = drawPlace(random);
  const match = matches[random.below(matches.length)];
  const skip = random.below(6);
  const base: ServiceFault = {
    service,
    times: 1 + random.below(8),
    ...(match !== undefined && { match }),
    ...(skip > 0 && { skip }),
    ...(random.chance(0.3) && { after: true }),
  };
  if (random.chance(0.15)) return { ...base, delayMs: 200 + random.below(2500) };
  if (random.chance(0.35)) return { ...base, kind: cuts[random.below(cuts.length)]! };
  const status = refusals[random.below(refusals.length)]!;
  if (status !== 429) return { ...base, status };
  return { ...base, status, retryAfterSeconds: 1 + random.below(3), retryAfterDate: random.chance(0.5) };
}

function drawPlace(random: Random) {
  let at = random.below(places.reduce((sum, { weight }) => sum + weight, 0));
  return places.find(({ weight }) => (at -= weight) < 0)!;
}

/** A whole service is away until the fault is taken out. */
export function drawOutage(random: Random): ServiceFault {
  return {
    service: drawPlace(random).service,
    ...(random.chance(0.5) ? { status: 503 } : { kind: 'reset' }),
  };
}

export function drawNotificationFault(random: Random): NotificationFault {
  const times = 5 + random.below(40);
  const faults: NotificationFault[] = [
    { drop: true, times },
    { duplicate: true, times },
    { reorder: true, times },
    { delayMs: 500 + random.below(4000), times },
  ];
  return faults[random.below(faults.length)]!;
}

const storageRequests = [
  /^(GET|POST|PUT|PATCH|DELETE) \S*\/PhotoSync/,
  /^(POST|PUT|PATCH) \S*\/PhotoSyncPeople/,
  /^GET \S*\/PhotoSyncPeople/,
  /^POST \S*\/messages/,
  /^DELETE \S*\/messages/,
  /^(GET|PUT) \S*\/messages/,
];

export function drawStorageFault(random: Random): { fault: StorageFault; options: StorageRuleOptions } {
  const faults: StorageFault[] = [
    { answer: 503 },
    { answer: 500 },
    { reset: 'before' },
    { reset: 'after' },
    { delayMs: 200 + random.below(2000) },
  ];
  return {
    fault: faults[random.below(faults.length)]!,
    options: {
      match: storageRequests[random.below(storageRequests.length)]!,
      skip: random.below(10),
      times: 1 + random.below(12),
    },
  };
}

/** What a fault is called in the report. */
export function nameOf(fault: TenantFault): string {
  if (!('service' in fault)) {
    const how = fault.drop
      ? 'dropped'
      : fault.duplicate
        ? 'doubled'
        : fault.reorder
          ? 'out of order'
          : 'late';
    return `notification ${how}`;
  }
  const how = fault.kind ?? fault.status ?? 'slow';
  return `${fault.service} ${String(how)}${fault.after ? ' after its work' : ''}`;
}

export function nameOfStorageFault(fault: StorageFault): string {
  if ('answer' in fault) return `storage ${String(fault.answer)}`;
  if ('reset' in fault) return `storage reset ${fault.reset} its work`;
  return 'storage slow';
}

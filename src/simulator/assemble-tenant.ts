import type { Service } from './books';
import { MovableClock } from './clock';
import { TenantChanges } from './control/changes';
import type { TenantParts } from './control/tenant-parts';
import { AppRoleAssignments } from './directory/app-role-assignments';
import { EventStream } from './event-stream';
import { FaultBoard } from './faults/fault-board';
import { createGraph } from './graph/graph-service';
import { TenantHistory } from './history';
import { createIdentity } from './identity';
import { createLimits } from './limits';
import { DeliveryLog } from './notifying/delivery-log';
import { ExpiryWarnings } from './notifying/expiry-warnings';
import { Notifier } from './notifying/notifier';
import { SubscriptionBook } from './notifying/subscription-book';
import type { Pictures } from './pictures/picture-store';
import { RequestLog } from './request-log';
import { Origins } from './serving/origins';
import type { SimulatorSettings } from './settings';
import { createSharePoint } from './sharepoint';
import { Retention } from './sharepoint/retention';
import { PhotoHashes } from './sync/photo-hashes';
import { SyncWatch } from './sync/sync-watch';
import type { TenantState } from './tenant-state';
import type { TokenAuthority } from './tokens';

export interface Tenant extends TenantParts {
  expiryWarnings: ExpiryWarnings;
  graph: Service;
  sharePoint: Service;
  identity: Service;
}

/** Puts the tenant together around its state; nothing listens yet. */
export function assembleTenant(
  settings: SimulatorSettings,
  state: TenantState,
  pictures: Pictures,
  tokens: TokenAuthority,
  changed: () => void,
): Tenant {
  const { books, roles } = state;
  const clock = new MovableClock(state.clock);
  const events = new EventStream(clock);
  const faults = new FaultBoard();
  const retention = new Retention();
  const versioning = { enabled: false, majorVersionLimit: 500 };
  const origins = new Origins(settings.hosts);
  const hashes = new PhotoHashes(pictures);
  const limits = createLimits({
    setting: settings.limits,
    clock,
    people: () => books.people.size,
  });
  const subscriptions = new SubscriptionBook(clock, changed, state.subscriptions);
  const deliveries = new DeliveryLog(clock, events);
  const notifier = new Notifier({ clock, tenantId: books.tenantId, subscriptions, faults, log: deliveries });
  const history = new TenantHistory(books, clock);
  const syncWatch = new SyncWatch(books, hashes, clock, events);
  const changes = new TenantChanges({ books, notifier, events, history, syncWatch, changed });
  const issuedTokens = new Set<string>();
  const assignments = new AppRoleAssignments(roles, clock, settings.replicationMs, changed);
  const sharePointChanged = () => {
    changes.sharePointChanged();
  };
  return {
    books,
    pictures,
    hashes,
    clock,
    events,
    requests: new RequestLog(clock, events),
    history,
    faults,
    retention,
    versioning,
    limits,
    subscriptions,
    notifier,
    expiryWarnings: new ExpiryWarnings(clock, subscriptions, notifier),
    deliveries,
    changes,
    roles,
    assignments,
    tokens,
    issuedTokens,
    identityHeader: settings.identityHeader,
    functionsUrl: settings.functionsUrl,
    changed,
    origins,
    graph: createGraph({
      largestPage: settings.largestPage,
      books,
      pictures,
      clock,
      limits,
      faults,
      subscriptions,
      assignments,
      changed,
    }),
    sharePoint: createSharePoint({
      ...{ books, pictures, clock, limits, history, retention, versioning },
      changed: sharePointChanged,
    }),
    identity: createIdentity({
      clock,
      origins,
      tokens,
      identityHeader: settings.identityHeader,
      roles: () => roles,
      dayCache: settings.tokenCache,
      issued: issuedTokens,
    }),
  };
}

import { pendingMs } from '../subscription/pending-time';
import { isClientState } from './client-state';
import { notificationItem, type NotificationItem } from './notification-schema';

/** Why an item of a notification was dropped. */
export type Refusal =
  'malformed' | 'unknown subscription' | 'wrong clientState' | 'other tenant' | 'not a user' | 'not a change';

/** A subscription of ours, as far as judging needs it. */
export interface KnownSubscription {
  /** Undefined while it is pending. */
  subscriptionId: string | undefined;
  secretSha256: string;
  createdAt: Date;
  validUntil: Date;
}

export interface EventDecision<S extends KnownSubscription> {
  /** Whom to look at: object ids, lower case, each once. */
  personIds: string[];
  refused: Map<Refusal, number>;
  /** Ids that met a pending subscription's secret: to be bound to it. */
  toBind: Map<string, S>;
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const userResource = /^\/?users\/([^/]+)$/i;

/** Notifications in, people to look at out. Each item is judged by itself. */
export function decideEvents<S extends KnownSubscription>(
  items: readonly unknown[],
  facts: Facts<S>,
): EventDecision<S> {
  const people = new Set<string>();
  const refused = new Map<Refusal, number>();
  const toBind = new Map<string, S>();
  for (const item of items) {
    const verdict = judge(item, facts, toBind);
    if ('refusal' in verdict) refused.set(verdict.refusal, (refused.get(verdict.refusal) ?? 0) + 1);
    else people.add(verdict.personId);
  }
  return { personIds: [...people], refused, toBind };
}

interface Facts<S> {
  tenantId: string;
  subscriptions: readonly S[];
  now: Date;
}

function judge<S extends KnownSubscription>(
  value: unknown,
  facts: Facts<S>,
  toBind: Map<string, S>,
): { personId: string } | { refusal: Refusal } {
  const parsed = notificationItem.safeParse(value);
  if (!parsed.success) return { refusal: 'malformed' };
  const item = parsed.data;

  const subscription = findSubscription(item, facts, toBind);
  if (!subscription) return { refusal: 'unknown subscription' };
  if (!isClientState(item.clientState, subscription.secretSha256)) return { refusal: 'wrong clientState' };
  if (item.tenantId.toLowerCase() !== facts.tenantId) return { refusal: 'other tenant' };
  if (item.changeType !== 'updated' && item.changeType !== 'created') return { refusal: 'not a change' };
  const personId = personOf(item);
  return personId === undefined ? { refusal: 'not a user' } : { personId };
}

function findSubscription<S extends KnownSubscription>(
  item: NotificationItem,
  facts: Facts<S>,
  toBind: Map<string, S>,
): S | undefined {
  const valid = facts.subscriptions.filter(({ validUntil }) => validUntil > facts.now);
  const known =
    valid.find(({ subscriptionId }) => subscriptionId === item.subscriptionId) ??
    toBind.get(item.subscriptionId);
  if (known) return known;

  // The first notification may overtake the answer that tells the subscription's id.
  const taken = new Set(toBind.values());
  const pending = valid.find(
    (subscription) =>
      subscription.subscriptionId === undefined &&
      !taken.has(subscription) &&
      facts.now.getTime() - subscription.createdAt.getTime() < pendingMs &&
      isClientState(item.clientState, subscription.secretSha256),
  );
  if (pending) toBind.set(item.subscriptionId, pending);
  return pending;
}

/** The id only, and only if both places that carry it agree: no address in a notification is ever followed. */
function personOf(item: NotificationItem): string | undefined {
  const inResource = userResource.exec(item.resource)?.[1];
  const inData = item.resourceData?.id ?? inResource;
  if (inResource === undefined || inData === undefined) return undefined;
  if (!guidPattern.test(inResource) || inResource.toLowerCase() !== inData.toLowerCase()) return undefined;
  return inResource.toLowerCase();
}

import { pendingMs } from '../subscription/pending-time';
import { isClientState } from './client-state';

/** A subscription of ours, as far as judging needs it. */
export interface KnownSubscription {
  /** Undefined while it is pending. */
  subscriptionId: string | undefined;
  secretSha256: string;
  createdAt: Date;
  validUntil: Date;
}

export interface SenderFacts<S> {
  tenantId: string;
  subscriptions: readonly S[];
  now: Date;
}

/** What every item carries, whatever it tells. */
interface Signed {
  subscriptionId: string;
  clientState?: unknown;
  tenantId: string;
}

export type SenderRefusal = 'unknown subscription' | 'wrong clientState' | 'other tenant';

/**
 * Whether an item is Graph's: of a subscription of ours, with its secret, about our tenant.
 * @param toBind is filled with the ids that met a pending subscription's secret: to be bound to it.
 * @returns why it is not, or undefined.
 */
export function decideSender<S extends KnownSubscription>(
  item: Signed,
  facts: SenderFacts<S>,
  toBind: Map<string, S>,
): SenderRefusal | undefined {
  const subscription = findSubscription(item, facts, toBind);
  if (!subscription) return 'unknown subscription';
  if (!isClientState(item.clientState, subscription.secretSha256)) return 'wrong clientState';
  if (item.tenantId.toLowerCase() !== facts.tenantId) return 'other tenant';
  return undefined;
}

function findSubscription<S extends KnownSubscription>(
  item: Signed,
  facts: SenderFacts<S>,
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

import { pendingMs } from './pending-time';

interface Row {
  subscriptionId: string | undefined;
  createdAt: Date;
  validUntil: Date;
}

interface Listed {
  id: string;
  resource: string;
  notificationUrl: string;
  lifecycleUrl: string | undefined;
  expiresAt: Date;
}

/** What the table knows, what Graph lists, and when: each side by its own clock. */
export interface SubscriptionFacts<R, L> {
  rows: readonly R[];
  listed: readonly L[];
  settings: { notificationUrl: string; lifecycleUrl: string; subscriptionLifetimeMinutes: number };
  /** Rows are judged by Storage's time, as they are where notifications come in. */
  storageNow: Date;
  /** Subscriptions end by Graph's. */
  graphNow: Date;
  /** Graph asked for it, so it is renewed whatever time is left. */
  mustRenew: boolean;
}

export interface SubscriptionPlan<R, L> {
  /** `wait`: one was asked for a moment ago, and its id may still come to light. */
  plan: 'keep' | 'renew' | 'create' | 'replace' | 'wait';
  reason: string;
  /** The one that stays, to be kept or renewed. */
  current: { subscription: L; row: R } | undefined;
  /** The end to ask for, where one is renewed or made. */
  expiresAt: Date;
  /** Why notifications may have been lost; undefined where they can't have been. */
  gap: string | undefined;
  /** Ours beside the one that stays: to be deleted at Graph. */
  extras: L[];
  /** Of this app, but not to this address: others may need them. */
  strangers: L[];
  /** Rows of subscriptions that are gone, and yet good for what Graph sends again, until `retiredUntil`. */
  retired: R[];
  retiredUntil: Date;
  /** Rows that no notification can match any more. */
  stale: R[];
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Graph refuses more, and its clock need not be the one that wrote its `Date`. https://learn.microsoft.com/graph/change-notifications-overview#subscription-lifetime */
const longestMs = (41_760 - 5) * minuteMs;

/** So long Graph sends a notification again that nobody took. https://learn.microsoft.com/graph/change-notifications-delivery-webhooks */
const retriesMs = 4 * 60 * minuteMs;

/** The table and Graph's list against each other. A subscription whose secret we don't hold is no use. */
export function decideSubscription<R extends Row, L extends Listed>(
  facts: SubscriptionFacts<R, L>,
): SubscriptionPlan<R, L> {
  const { rows, settings, storageNow, graphNow } = facts;
  const listed = facts.listed.filter(({ expiresAt }) => expiresAt > graphNow);
  const ours = listed.filter(
    ({ resource, notificationUrl }) =>
      /^\/?users$/i.test(resource) && isSameAddress(notificationUrl, settings.notificationUrl),
  );
  const current = longestLived(ours, rows, settings.lifecycleUrl);

  const isFresh = (row: Row) => storageNow.getTime() - row.createdAt.getTime() < pendingMs;
  const isAwaited = (row: Row) =>
    row.subscriptionId === undefined && isFresh(row) && row.validUntil > storageNow;
  const others = rows.filter((row) => row !== current?.row);
  const stale = others.filter(
    (row) =>
      (row.subscriptionId === undefined && !isAwaited(row)) ||
      (row.validUntil <= storageNow && !listed.some(({ id }) => id === row.subscriptionId)),
  );
  const rest = others.filter((row) => !stale.includes(row));
  const awaited = rest.some(isAwaited);
  const isKnown = ({ id }: L) => rows.some(({ subscriptionId }) => subscriptionId === id);
  const extras = current
    ? ours.filter((one) => one !== current.subscription && (isKnown(one) || !awaited))
    : [];
  const retiredUntil = new Date(storageNow.getTime() + retriesMs);
  const retired = rest.filter(
    (row) =>
      row.subscriptionId !== undefined &&
      row.validUntil > retiredUntil &&
      (extras.some(({ id }) => id === row.subscriptionId) ||
        (!isFresh(row) && !listed.some(({ id }) => id === row.subscriptionId))),
  );
  const lifetimeMs = Math.min(settings.subscriptionLifetimeMinutes * minuteMs, longestMs);
  const target = new Date(graphNow.getTime() + lifetimeMs);
  const strangers = listed.filter((one) => !ours.includes(one));
  const shared = { extras, strangers, retired, retiredUntil, stale };

  if (current) {
    const { subscription, row } = current;
    const until = subscription.expiresAt.toISOString();
    const gap =
      row.validUntil <= storageNow
        ? 'The record of the subscription had ended, so its notifications were dropped.'
        : undefined;
    const isDue =
      subscription.expiresAt.getTime() - graphNow.getTime() < lifetimeMs - Math.min(dayMs, lifetimeMs / 2);
    if (!isDue && !facts.mustRenew) {
      const reason = `The subscription is there until ${until}.`;
      return { plan: 'keep', reason, current, expiresAt: subscription.expiresAt, gap, ...shared };
    }
    const reason = isDue
      ? `It would have ended at ${until}; one older than a day is renewed.`
      : 'Graph asked for it to be authorised anew.';
    const expiresAt = target > subscription.expiresAt ? target : subscription.expiresAt;
    return { plan: 'renew', reason, current, expiresAt, gap, ...shared };
  }

  const unusable = { current, expiresAt: target, ...shared };
  if (awaited) {
    const reason = 'A subscription was asked for less than 10 minutes ago.';
    return { plan: 'wait', reason, gap: undefined, ...unusable };
  }
  if (ours.length === 0) {
    const reason = 'Graph lists none of ours.';
    // With no row either, this is the first one, and nothing can have been missed by it.
    const gap = rows.length > 0 ? 'There was no subscription for a while.' : undefined;
    return { plan: 'create', reason, gap, ...unusable };
  }
  return ours.some(isKnown)
    ? {
        plan: 'replace',
        reason: 'The one that Graph lists sends its lifecycle events elsewhere, which can’t be changed.',
        gap: undefined,
        ...unusable,
      }
    : {
        plan: 'replace',
        reason: 'The one that Graph lists has a secret unknown here.',
        gap: 'The subscription had a secret unknown here, so its notifications were dropped.',
        ...unusable,
      };
}

/** Of two that are as good, everybody must choose the same: whoever runs at the same time deletes the other. */
function longestLived<R extends Row, L extends Listed>(
  ours: readonly L[],
  rows: readonly R[],
  lifecycleUrl: string,
): { subscription: L; row: R } | undefined {
  const usable = ours.flatMap((subscription) => {
    const row = rows.find(({ subscriptionId }) => subscriptionId === subscription.id);
    return row && isSameAddress(subscription.lifecycleUrl ?? '', lifecycleUrl) ? [{ subscription, row }] : [];
  });
  return usable.sort(
    ({ subscription: one }, { subscription: other }) =>
      other.expiresAt.getTime() - one.expiresAt.getTime() || (one.id < other.id ? -1 : 1),
  )[0];
}

/** Graph may write an address otherwise than we did, with a host in other letters, say. */
function isSameAddress(one: string, other: string): boolean {
  const normal = (url: string) => (URL.canParse(url) ? new URL(url).href : url);
  return normal(one) === normal(other);
}

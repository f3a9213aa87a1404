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
  expiresAt: Date;
}

export interface SubscriptionPlan<R> {
  /** `wait`: one was asked for a moment ago, and its id may still come to light. */
  plan: 'keep' | 'create' | 'wait';
  reason: string;
  /** Rows that no notification can match any more. */
  stale: R[];
}

/** What the table knows and what Graph lists, against each other. A subscription whose secret we don't hold is no use. */
export function decideSubscription<R extends Row>(
  rows: readonly R[],
  listed: readonly Listed[],
  notificationUrl: string,
  now: Date,
): SubscriptionPlan<R> {
  const isOld = (row: Row) => row.validUntil <= now;
  const isFreshlyPending = (row: Row) =>
    row.subscriptionId === undefined && now.getTime() - row.createdAt.getTime() < pendingMs;
  const stale = rows.filter(
    (row) => isOld(row) || (row.subscriptionId === undefined && !isFreshlyPending(row)),
  );
  const live = rows.filter((row) => !stale.includes(row));

  const ours = listed.filter(
    (one) =>
      /^\/?users$/i.test(one.resource) && one.notificationUrl === notificationUrl && one.expiresAt > now,
  );
  const kept = ours.find(({ id }) => live.some(({ subscriptionId }) => subscriptionId === id));
  if (kept) {
    return {
      plan: 'keep',
      reason: `The subscription is there until ${kept.expiresAt.toISOString()}.`,
      stale,
    };
  }
  if (live.some(isFreshlyPending)) {
    return { plan: 'wait', reason: 'A subscription was asked for less than 10 minutes ago.', stale };
  }
  const reason =
    ours.length > 0 ? 'The one that Graph lists has a secret unknown here.' : 'Graph lists none of ours.';
  return { plan: 'create', reason, stale };
}

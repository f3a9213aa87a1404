import type { Log } from '../log';
import type { SubscriptionTable } from '../storage/subscription-table';
import type { GraphSubscriptions } from '../tenant/graph-subscriptions';
import { decideSubscription } from './decide-subscription';

export interface RemoveDeps {
  settings: { notificationUrl: string; lifecycleUrl: string; subscriptionLifetimeMinutes: number };
  rows: SubscriptionTable;
  graph: GraphSubscriptions;
  log: Log;
}

/** What is there afterwards. */
export interface Remains {
  /** Ids of subscriptions of the app's identity that notify another address, with no row here: never deleted. */
  strangers: string[];
  /** One was asked for less than 10 minutes ago, and Graph may yet make it: remove again then. */
  mayCome: boolean;
}

/**
 * Deletes our subscriptions at Graph and then their rows. Doing it again does no harm.
 * @throws ServiceFailure with whatever is left still on record.
 */
export async function removeSubscriptions({
  settings,
  rows: table,
  graph,
  log,
}: RemoveDeps): Promise<Remains> {
  const { rows, readAt: storageNow } = await table.list();
  const { subscriptions: listed, now: graphNow = storageNow } = await graph.list();
  const facts = { rows, listed, settings, storageNow, graphNow, mustRenew: false };
  const { strangers: elsewhere, stale } = decideSubscription(facts);
  // One that is on record by its id was made here, when NOTIFICATION_URL was another.
  const strangers = elsewhere.filter(({ id }) => !rows.some(({ subscriptionId }) => subscriptionId === id));
  for (const subscription of listed.filter((one) => !strangers.includes(one))) {
    await graph.remove(subscription.id);
    log.info('subscription-removed', {
      subscriptionId: subscription.id,
      expiresAt: subscription.expiresAt.toISOString(),
      reason: 'SYNC_MODE is remove.',
    });
  }
  const coming = rows.filter((row) => row.subscriptionId === undefined && !stale.includes(row));
  for (const row of rows.filter((one) => !coming.includes(one))) await table.remove(row);
  return { strangers: strangers.map(({ id }) => id), mayCome: coming.length > 0 };
}

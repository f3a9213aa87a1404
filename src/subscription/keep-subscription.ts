import { randomBytes } from 'node:crypto';
import { ServiceFailure } from '../errors';
import type { Log } from '../log';
import { sha256Hex } from '../notifications/client-state';
import type { SubscriptionTable } from '../storage/subscription-table';
import type { GraphSubscriptions } from '../tenant/graph-subscriptions';
import { decideSubscription } from './decide-subscription';

export interface KeepSubscriptionDeps {
  settings: { rightsGranted: boolean; notificationUrl: string; subscriptionLifetimeMinutes: number };
  rows: SubscriptionTable;
  graph: GraphSubscriptions;
  log: Log;
}

/**
 * Sees to it that there is a subscription to users. Running it twice, or twice at once, does no harm: at worst there
 * are two subscriptions, and every notification is taken once.
 */
export async function keepSubscription(deps: KeepSubscriptionDeps): Promise<void> {
  const { settings, rows, graph, log } = deps;
  if (!settings.rightsGranted) {
    log.warn('subscription-waiting', { reason: 'RIGHTS_GRANTED is not true yet, so no token is asked for.' });
    return;
  }
  try {
    const { rows: known, readAt } = await rows.list();
    const plan = decideSubscription(known, await graph.list(), settings.notificationUrl, readAt);
    for (const row of plan.stale) await rows.remove(row);
    if (plan.plan !== 'create') {
      log.info(plan.plan === 'keep' ? 'subscription-kept' : 'subscription-waiting', { reason: plan.reason });
      return;
    }
    await create(deps, readAt, plan.reason);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    log.error('subscription-refused', {
      service: error.service,
      status: error.status,
      reason: error.message,
    });
  }
}

async function create(deps: KeepSubscriptionDeps, now: Date, reason: string): Promise<void> {
  const { settings, rows, graph, log } = deps;
  const clientState = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + settings.subscriptionLifetimeMinutes * 60_000);
  // Before Graph is asked: its first notification may come before its answer, and the answer may never come.
  const row = await rows.addPending({
    secretSha256: sha256Hex(clientState),
    createdAt: now,
    validUntil: expiresAt,
  });
  let made;
  try {
    made = await graph.create({ notificationUrl: settings.notificationUrl, clientState, expiresAt });
  } catch (error) {
    // A clear refusal: no notification will ever come with this secret. Any other failure may hide a success.
    const status = error instanceof ServiceFailure ? (error.status ?? 0) : 0;
    if (status >= 400 && status < 500) await rows.remove(row);
    throw error;
  }
  // A notification may have bound it already; then there is nothing left to do.
  await rows.bind(row, made.id, made.expiresAt);
  log.info('subscription-created', {
    subscriptionId: made.id,
    expiresAt: made.expiresAt.toISOString(),
    reason,
  });
}

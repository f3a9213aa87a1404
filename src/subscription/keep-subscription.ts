import { ServiceFailure } from '../errors';
import type { Log } from '../log';
import type { Mode } from '../config';
import type { SubscriptionRow, SubscriptionTable } from '../storage/subscription-table';
import type { GraphSubscription, GraphSubscriptions } from '../tenant/graph-subscriptions';
import { waitsForRights } from '../tenant/rights';
import { decideSubscription, type SubscriptionPlan } from './decide-subscription';
import { makeSubscription } from './make-subscription';

export interface KeepDeps {
  settings: {
    mode: Mode;
    rightsGranted: boolean;
    notificationUrl: string;
    lifecycleUrl: string;
    subscriptionLifetimeMinutes: number;
  };
  rows: SubscriptionTable;
  graph: GraphSubscriptions;
  /** @returns the likely cause where the address does not answer as it must. */
  warmEndpoint: (url: string) => Promise<string | undefined>;
  requestSweep: (reason: string) => Promise<void>;
  log: Log;
}

type Plan = SubscriptionPlan<SubscriptionRow, GraphSubscription>;

/**
 * Sees to it that there is one subscription to users, and a sweep after every gap in it. Running it twice, or twice at
 * once, does no harm: for a moment there may be two subscriptions, and every notification is taken once.
 * @param asked.mustRenew Graph asked for it.
 * @param asked.lost why a sweep is due in any case.
 * @returns the failure that kept it from its work, logged already.
 */
export async function keepSubscription(
  deps: KeepDeps,
  { mustRenew = false, lost }: { mustRenew?: boolean; lost?: string | undefined } = {},
): Promise<ServiceFailure | undefined> {
  const { settings, log } = deps;
  const waits =
    settings.mode === 'remove'
      ? 'SYNC_MODE is remove, so no subscription is made or renewed.'
      : settings.rightsGranted
        ? undefined
        : waitsForRights;
  if (waits !== undefined) {
    log.warn('subscription-waiting', { reason: waits });
    return undefined;
  }
  try {
    const { plan, storageNow, graphNow } = await makePlan(deps, mustRenew);
    reportStrangers(log, plan.strangers);
    const hasMade = await carryOut(deps, plan, { storageNow, graphNow });
    await sweepWhatIsDue(deps, lost);
    // Whoever ran at the same time may have made another: the last one to make one sees both.
    await cleanUp(deps, hasMade ? (await makePlan(deps, false)).plan : plan);
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    log.error('subscription-refused', {
      service: error.service,
      status: error.status,
      reason: error.message,
    });
    return error;
  }
}

interface Times {
  storageNow: Date;
  graphNow: Date;
}

async function makePlan(
  { settings, rows: table, graph }: KeepDeps,
  mustRenew: boolean,
): Promise<Times & { plan: Plan }> {
  const { rows, readAt: storageNow } = await table.list();
  const { subscriptions: listed, now: graphNow = storageNow } = await graph.list();
  const plan = decideSubscription({ rows, listed, settings, storageNow, graphNow, mustRenew });
  return { plan, storageNow, graphNow };
}

/** @returns whether a subscription was made. */
async function carryOut(deps: KeepDeps, plan: Plan, { storageNow, graphNow }: Times): Promise<boolean> {
  const { rows, graph, log } = deps;
  const { current, expiresAt, reason } = plan;
  if (plan.plan === 'wait') {
    log.info('subscription-waiting', { reason });
    return false;
  }
  let { gap } = plan;
  let why = reason;
  if (current) {
    const { subscription, row } = current;
    const subscriptionId = subscription.id;
    const until = plan.plan === 'renew' ? await graph.renew(subscriptionId, expiresAt) : expiresAt;
    if (until) {
      const isRenewed = plan.plan === 'renew';
      if (isRenewed || row.validUntil < until) {
        const renewedAt = isRenewed ? graphNow : undefined;
        await rows.update(row, { validUntil: until, renewedAt, sweepDue: gap });
      }
      log.info(isRenewed ? 'subscription-renewed' : 'subscription-kept', {
        subscriptionId,
        expiresAt: until.toISOString(),
        reason,
      });
      return false;
    }
    why = 'Graph no longer knew the one that was to be renewed.';
    gap ??= 'The subscription was gone when it was to be renewed.';
  }
  const made = await makeSubscription(deps, { storageNow, expiresAt, gap });
  log.info(plan.plan === 'replace' ? 'subscription-replaced' : 'subscription-created', {
    subscriptionId: made.id,
    expiresAt: made.expiresAt.toISOString(),
    reason: why,
  });
  return true;
}

/** The row remembers that one is due until it has been asked for, whatever happens in between. */
async function sweepWhatIsDue({ rows: table, requestSweep }: KeepDeps, lost?: string): Promise<void> {
  const { rows } = await table.list();
  const due = rows.filter(({ sweepDue }) => sweepDue !== undefined);
  const reason = due[0]?.sweepDue ?? lost;
  if (reason === undefined) return;
  await requestSweep(reason);
  for (const row of due) await table.update(row, { sweepDue: null });
}

/** Only when the one that stays is there: rows that may tell of a gap, and subscriptions that may be needed, go last. */
async function cleanUp({ rows, graph, log }: KeepDeps, plan: Plan): Promise<void> {
  for (const row of plan.retired) await rows.update(row, { validUntil: plan.retiredUntil });
  for (const { id, expiresAt } of plan.extras) {
    await graph.remove(id);
    log.info('subscription-removed', {
      subscriptionId: id,
      expiresAt: expiresAt.toISOString(),
      reason: 'There is another one of ours that stays.',
    });
  }
  if (plan.current) for (const row of plan.stale) await rows.remove(row);
}

/** Told and left alone: another app of the same identity may need them. */
function reportStrangers(log: Log, strangers: readonly GraphSubscription[]): void {
  for (const { id, notificationUrl } of strangers) {
    log.warn('subscription-stranger', {
      subscriptionId: id,
      host: URL.canParse(notificationUrl) ? new URL(notificationUrl).host : 'unknown',
      reason:
        'The app’s identity has it, but it notifies another address or of something else. Delete it if nobody needs it.',
    });
  }
}

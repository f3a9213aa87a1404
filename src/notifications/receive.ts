import { messageOf, ServiceFailure } from '../errors';
import type { Log } from '../log';
import type { EventQueue } from '../storage/event-queue';
import { queueNames } from '../storage/names';
import type { SubscriptionRow } from '../storage/subscription-table';
import { decideEvents, type EventDecision } from './decide-events';
import { refuse, type HttpAnswer } from './handshake';
import type { KnownSubscriptions } from './known-subscriptions';
import { parseNotifications, type NotificationRequest } from './parse-notifications';
import type { RefusalLog } from './refusal-log';

export interface ReceiveDeps {
  tenantId: string;
  subscriptions: KnownSubscriptions;
  queue: EventQueue;
  refusals: RefusalLog;
  log: Log;
  /** Graph counts an answer after 3 s as a failure, so we give up earlier and say so. */
  timeoutMs: number;
}

const sendsAtOnce = 16;

const accepted: HttpAnswer = { status: 202, headers: {}, body: '' };

/**
 * Notifications in, one event a person queued, 202. Nothing is asked of Microsoft 365 here. What can't be queued is
 * answered with 503, and Graph sends it again for 4 hours; an item that fails a check is dropped, and the answer is
 * still 202, so that whoever tries learns nothing.
 */
export async function receiveNotifications(
  deps: ReceiveDeps,
  request: NotificationRequest,
  correlationId: string,
): Promise<HttpAnswer> {
  const items = await parseNotifications(request);
  if (!Array.isArray(items)) {
    deps.refusals.count(deps.log, `http ${String(items.status)}`, 1);
    return items;
  }
  if (items.length === 0) return accepted;
  const signal = AbortSignal.timeout(deps.timeoutMs);
  try {
    const decision = await orAbort(decide(deps, items), signal);
    await orAbort(sendAll(deps.queue, decision.personIds, correlationId, signal), signal);
    for (const [reason, count] of decision.refused) deps.refusals.count(deps.log, reason, count);
    if (decision.personIds.length > 0) {
      deps.log.info('notifications-received', {
        items: items.length,
        events: decision.personIds.length,
        refused: [...decision.refused.values()].reduce((sum, count) => sum + count, 0),
        correlationId,
      });
    }
    return accepted;
  } catch (error) {
    deps.refusals.failed(deps.log, 'notifications-not-queued', { reason: messageOf(error) }, correlationId);
    return refuse(503, 'The notifications could not be queued; send them again.', { 'Retry-After': '10' });
  }
}

async function decide(deps: ReceiveDeps, items: unknown[]): Promise<EventDecision<SubscriptionRow>> {
  const { rows, now } = await deps.subscriptions.get(idsOf(items));
  const decision = decideEvents(items, { tenantId: deps.tenantId, subscriptions: rows, now });
  for (const [subscriptionId, row] of decision.toBind) {
    await deps.subscriptions.bind(row, subscriptionId);
  }
  return decision;
}

function idsOf(items: unknown[]): string[] {
  const ids = items.map((item) =>
    typeof item === 'object' && item !== null && 'subscriptionId' in item ? item.subscriptionId : undefined,
  );
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}

/** All or nothing, as far as Graph is told: one that fails makes the whole POST come again, and doubles do no harm. */
async function sendAll(queue: EventQueue, personIds: string[], correlationId: string, signal: AbortSignal) {
  const waiting = [...personIds];
  const sender = async () => {
    for (let personId = waiting.shift(); personId !== undefined; personId = waiting.shift()) {
      signal.throwIfAborted();
      const event = { personId, cause: 'notification' as const, force: false, attempt: 0, correlationId };
      await queue.send(queueNames.photoChanged, event, { signal });
    }
  };
  await Promise.all(Array.from({ length: Math.min(sendsAtOnce, waiting.length) }, sender));
}

async function orAbort<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new ServiceFailure('storage', 'Azure Storage did not answer in time.'));
    });
  });
  return Promise.race([pending, aborted]);
}

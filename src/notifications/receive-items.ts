import { messageOf, ServiceFailure } from '../errors';
import type { Log, LogFields } from '../log';
import type { EventQueue } from '../storage/event-queue';
import type { SubscriptionRow } from '../storage/subscription-table';
import type { SenderFacts } from './decide-sender';
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

/** What is to become of a POST's items. */
export interface Verdict {
  toBind: Map<string, SubscriptionRow>;
  refused: Map<string, number>;
  /** Queues what the items lead to. @throws ServiceFailure */
  send: (signal: AbortSignal) => Promise<void>;
  /** For the log; undefined where nothing is queued. */
  queued: LogFields | undefined;
}

/** What a route takes, and what its log lines begin with. */
export type Kind = 'notifications' | 'lifecycle-events';

const accepted: HttpAnswer = { status: 202, headers: {}, body: '' };

/**
 * What Graph posts in, messages queued, 202. Nothing is asked of Microsoft 365 here. What can't be queued is answered
 * with 503, and Graph sends it again for 4 hours; an item that fails a check is dropped, and the answer is still 202,
 * so that whoever tries learns nothing.
 */
export async function receiveItems(
  kind: Kind,
  deps: ReceiveDeps,
  request: NotificationRequest,
  correlationId: string,
  judge: (items: readonly unknown[], facts: SenderFacts<SubscriptionRow>) => Verdict,
): Promise<HttpAnswer> {
  const { tenantId, subscriptions, refusals, log } = deps;
  const items = await parseNotifications(request);
  if (!Array.isArray(items)) {
    refusals.count(log, `http ${String(items.status)}`, 1);
    return items;
  }
  if (items.length === 0) return accepted;
  const signal = AbortSignal.timeout(deps.timeoutMs);
  const decide = async () => {
    const { rows, now } = await subscriptions.get(idsOf(items));
    const verdict = judge(items, { tenantId, subscriptions: rows, now });
    for (const [subscriptionId, row] of verdict.toBind) await subscriptions.bind(row, subscriptionId);
    return verdict;
  };
  try {
    const { refused, send, queued } = await orAbort(decide(), signal);
    await orAbort(send(signal), signal);
    for (const [reason, count] of refused) refusals.count(log, reason, count);
    if (queued) {
      log.info(`${kind}-received`, {
        items: items.length,
        ...queued,
        refused: [...refused.values()].reduce((sum, count) => sum + count, 0),
        correlationId,
      });
    }
    return accepted;
  } catch (error) {
    refusals.failed(log, `${kind}-not-queued`, { reason: messageOf(error) }, correlationId);
    return refuse(503, 'The notifications could not be queued; send them again.', { 'Retry-After': '10' });
  }
}

function idsOf(items: unknown[]): string[] {
  const ids = items.map((item) =>
    typeof item === 'object' && item !== null && 'subscriptionId' in item ? item.subscriptionId : undefined,
  );
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}

async function orAbort<T>(pending: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(new ServiceFailure('storage', 'Azure Storage did not answer in time.'));
    });
  });
  return Promise.race([pending, aborted]);
}

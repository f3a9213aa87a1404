import { InvalidSettings, messageOf } from '../errors';
import { createLog, type LogTarget } from '../log';
import { config, monotonicMs, storage } from '../services';
import { refuse, type HttpAnswer } from './handshake';
import { createKnownSubscriptions, type KnownSubscriptions } from './known-subscriptions';
import type { NotificationRequest } from './parse-notifications';
import { receiveNotifications } from './receive';
import { createRefusalLog } from './refusal-log';

const refusals = createRefusalLog(monotonicMs);
let subscriptions: KnownSubscriptions | undefined;

/**
 * The app's own settings and storage, handed to `receiveNotifications`. Wrong settings lose nothing: Graph sends again.
 * @param call.arrivedAtMs by `performance.now()`. A first notification has waited for the libraries to load, and Graph
 *   with it.
 */
export async function answerNotifications(
  request: NotificationRequest,
  target: LogTarget,
  { arrivedAtMs, correlationId }: { arrivedAtMs: number; correlationId: string },
): Promise<HttpAnswer> {
  const log = createLog(target);
  try {
    const [settings, { queue, subscriptions: rows }] = await Promise.all([config(), storage()]);
    subscriptions ??= createKnownSubscriptions(rows, monotonicMs);
    const { tenantId, receiveTimeoutMs } = settings;
    const timeoutMs = Math.max(0, Math.round(receiveTimeoutMs - (monotonicMs() - arrivedAtMs)));
    return await receiveNotifications(
      { tenantId, subscriptions, queue, refusals, log, timeoutMs },
      request,
      correlationId,
    );
  } catch (error) {
    if (error instanceof InvalidSettings) {
      refusals.failed(log, 'settings-invalid', { problems: error.problems }, correlationId);
    } else {
      refusals.failed(log, 'notifications-not-queued', { reason: messageOf(error) }, correlationId);
    }
    return refuse(503, 'The app is not ready; send the notifications again.', { 'Retry-After': '60' });
  }
}

import { InvalidSettings, messageOf } from '../errors';
import { createLog, type LogTarget } from '../log';
import { config, monotonicMs, storage } from '../services';
import { refuse, type HttpAnswer } from './handshake';
import { createKnownSubscriptions, type KnownSubscriptions } from './known-subscriptions';
import type { NotificationRequest } from './parse-notifications';
import { receiveNotifications } from './receive';
import type { Kind } from './receive-items';
import { receiveLifecycle } from './receive-lifecycle';
import { createRefusalLog } from './refusal-log';

const receivers = { notifications: receiveNotifications, 'lifecycle-events': receiveLifecycle };
const refusalLogs = {
  notifications: createRefusalLog(monotonicMs),
  'lifecycle-events': createRefusalLog(monotonicMs, 'lifecycle-events'),
};
let subscriptions: KnownSubscriptions | undefined;

/**
 * The app's own settings and storage, handed to what receives. Wrong settings lose nothing: Graph sends again.
 * @param call.arrivedAtMs by `performance.now()`. A first notification has waited for the libraries to load, and Graph
 *   with it.
 */
export async function answerNotifications(
  kind: Kind,
  request: NotificationRequest,
  target: LogTarget,
  { arrivedAtMs, correlationId }: { arrivedAtMs: number; correlationId: string },
): Promise<HttpAnswer> {
  const log = createLog(target);
  const refusals = refusalLogs[kind];
  try {
    const [settings, { queue, subscriptions: rows }] = await Promise.all([config(), storage()]);
    subscriptions ??= createKnownSubscriptions(rows, monotonicMs);
    const { tenantId, receiveTimeoutMs } = settings;
    const timeoutMs = Math.max(0, Math.round(receiveTimeoutMs - (monotonicMs() - arrivedAtMs)));
    return await receivers[kind](
      { tenantId, subscriptions, queue, refusals, log, timeoutMs },
      request,
      correlationId,
    );
  } catch (error) {
    if (error instanceof InvalidSettings) {
      refusals.failed(log, 'settings-invalid', { problems: error.problems }, correlationId);
    } else {
      refusals.failed(log, `${kind}-not-queued`, { reason: messageOf(error) }, correlationId);
    }
    return refuse(503, 'The app is not ready; send the notifications again.', { 'Retry-After': '60' });
  }
}

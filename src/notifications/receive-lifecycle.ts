import { queueNames } from '../storage/names';
import { subscriptionMessage } from '../subscription/subscription-event';
import { decideLifecycle } from './decide-lifecycle';
import type { HttpAnswer } from './handshake';
import type { NotificationRequest } from './parse-notifications';
import { receiveItems, type ReceiveDeps } from './receive-items';

/** Lifecycle notifications in, one message about all of them queued. An event that nobody knows is counted and let go. */
export async function receiveLifecycle(
  deps: ReceiveDeps,
  request: NotificationRequest,
  correlationId: string,
): Promise<HttpAnswer> {
  return receiveItems('lifecycle-events', deps, request, correlationId, (items, facts) => {
    const { events, unknown, refused, toBind } = decideLifecycle(items, facts);
    const isKnown = events.length > 0;
    return {
      toBind,
      refused: new Map<string, number>([
        ...refused,
        ...(unknown > 0 ? [['unknown event', unknown] as const] : []),
      ]),
      send: async (signal) => {
        if (!isKnown) return;
        const message = subscriptionMessage({ events, attempt: 0, correlationId });
        await deps.queue.sendMessage(queueNames.subscriptionEvent, message, { signal });
      },
      queued: isKnown ? { events } : undefined,
    };
  });
}

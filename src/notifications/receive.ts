import type { EventQueue } from '../storage/event-queue';
import { queueNames } from '../storage/names';
import { decideEvents } from './decide-events';
import type { HttpAnswer } from './handshake';
import type { NotificationRequest } from './parse-notifications';
import { receiveItems, type ReceiveDeps } from './receive-items';

const sendsAtOnce = 16;

/** Notifications in, one event a person queued. */
export async function receiveNotifications(
  deps: ReceiveDeps,
  request: NotificationRequest,
  correlationId: string,
): Promise<HttpAnswer> {
  return receiveItems('notifications', deps, request, correlationId, (items, facts) => {
    const { personIds, refused, toBind } = decideEvents(items, facts);
    return {
      toBind,
      refused,
      send: (signal) => sendAll(deps.queue, personIds, correlationId, signal),
      queued: personIds.length > 0 ? { events: personIds.length } : undefined,
    };
  });
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

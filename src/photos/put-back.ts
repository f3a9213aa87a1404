import type { ServiceFailure } from '../errors';
import type { Log } from '../log';
import type { EventQueue } from '../storage/event-queue';
import type { Delivery } from './fold-looks';
import type { PhotoEvent } from './photo-event';

/** A message may stay invisible for 7 days at most. https://learn.microsoft.com/rest/api/storageservices/put-message */
const longestDelaySeconds = 6 * 24 * 3600;
const jitterShare = 0.1;

/**
 * Sends a copy of the event, to be seen again later; the original then completes, so that waiting costs none of the
 * queue's tries. The copy is sent before the original ends: at worst there are two, never none.
 * @param work.force what the copy carries: without it, a copy of a half-finished write would find nothing to do.
 */
export async function putBack(
  deps: { queue: EventQueue; log: Log; settings: { retrySeconds: readonly number[] }; random: () => number },
  work: { event: PhotoEvent; delivery: Delivery; force: boolean },
  why: { reason: string; failure?: ServiceFailure },
): Promise<void> {
  const { event, delivery, force } = work;
  const { retrySeconds } = deps.settings;
  const scheduled = retrySeconds[Math.min(event.attempt, retrySeconds.length - 1)] ?? 60;
  // A service may ask for no wait at all and go on refusing: a second keeps that from becoming a busy loop.
  const wait = Math.max(why.failure?.retryAfterSeconds ?? scheduled, 1);
  // Later by a share, never earlier: what one answer told many workers should not bring them all back at once.
  const delaySeconds = Math.min(Math.ceil(wait * (1 + deps.random() * jitterShare)), longestDelaySeconds);
  const copy: PhotoEvent = {
    ...event,
    cause: causeOfCopy(event.cause),
    force,
    // To wait for the budget is no failure, and is not counted as one.
    attempt: event.attempt + (why.failure?.service === 'budget' ? 0 : 1),
    firstSeenAt: event.firstSeenAt ?? delivery.insertedAt.toISOString(),
  };
  await deps.queue.send(delivery.queue, copy, { delaySeconds });
  deps.log.warn('photo-retry', {
    personId: event.personId,
    service: why.failure?.service,
    status: why.failure?.status,
    reason: why.reason,
    delaySeconds,
    attempt: copy.attempt,
    correlationId: event.correlationId,
  });
}

/** A copy is never folded into another look. Any other cause says how the event is to be taken, so it stays. */
function causeOfCopy(cause: PhotoEvent['cause']): PhotoEvent['cause'] {
  const isFolded = cause === 'notification' || cause === 'delayed-look' || cause === 'second-look';
  return isFolded ? 'retry' : cause;
}

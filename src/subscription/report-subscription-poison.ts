import { InvalidMessage } from '../errors';
import { createLog, type LogTarget } from '../log';
import { storage } from '../services';
import { poisonQueueOf, queueNames } from '../storage/names';
import { takeMessage } from '../take-message';
import { decodeSubscriptionEvent } from './subscription-event';

/** The queue gave up on what Graph told. The timer sees to the subscription anyway, and the next sweep to what was missed. */
export async function reportSubscriptionPoison(message: unknown, target: LogTarget): Promise<void> {
  const log = createLog(target);
  const { queue } = await storage();
  try {
    const name = poisonQueueOf(queueNames.subscriptionEvent);
    const event = await takeMessage({ queue, log }, name, message, decodeSubscriptionEvent);
    if (!event) return;
    const { events, correlationId } = event;
    log.error('subscription-event-poisoned', {
      events,
      correlationId,
      reason:
        'Five tries failed; the errors of this correlationId say why. The timer keep-subscription and the next sweep make up for it.',
    });
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    log.error('subscription-event-poisoned', { reason: error.message });
  }
}

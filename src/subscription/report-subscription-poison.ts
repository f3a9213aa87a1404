import { InvalidMessage } from '../errors';
import { createLog, type LogTarget } from '../log';
import { decodeSubscriptionEvent } from './subscription-event';

/** The queue gave up on what Graph told. The timer sees to the subscription anyway, and the next sweep to what was missed. */
export function reportSubscriptionPoison(message: unknown, target: LogTarget): void {
  const log = createLog(target);
  try {
    const { events, correlationId } = decodeSubscriptionEvent(message);
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

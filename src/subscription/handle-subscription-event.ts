import { InvalidSettings } from '../errors';
import { createLog, type LogTarget } from '../log';
import { storage } from '../services';
import { queueNames } from '../storage/names';
import { takeMessage } from '../take-message';
import { keepDeps } from './keep-deps';
import { seeToEvent, type EventDelivery } from './see-to-event';
import { decodeSubscriptionEvent, subscriptionMessage } from './subscription-event';

const settingsRetrySeconds = 300;

/** The app's own settings and services, handed to `seeToEvent`. Wrong settings cost no try: the event comes back. */
export async function handleSubscriptionEvent(
  message: unknown,
  metadata: { dequeueCount: unknown; insertionTime: unknown },
  target: LogTarget,
): Promise<void> {
  const log = createLog(target);
  const { queue, eventNotes: notes } = await storage();
  const event = await takeMessage(
    { queue, log },
    queueNames.subscriptionEvent,
    message,
    decodeSubscriptionEvent,
  );
  if (!event) return;
  try {
    await seeToEvent({ ...(await keepDeps(log)), queue, notes }, event, toDelivery(metadata));
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    log.error('settings-invalid', { problems: error.problems });
    const delay = { delaySeconds: settingsRetrySeconds };
    await queue.sendMessage(queueNames.subscriptionEvent, subscriptionMessage(event), delay);
  }
}

/** Unknown counts as redelivered, and an unknown time as now: both make sure that the event is seen to. */
function toDelivery({ dequeueCount, insertionTime }: Record<string, unknown>): EventDelivery {
  const count = Number(dequeueCount);
  const insertedAt = new Date(String(insertionTime));
  return {
    dequeueCount: Number.isInteger(count) && count > 0 ? count : 2,
    insertedAt: Number.isNaN(insertedAt.getTime()) ? new Date() : insertedAt,
  };
}

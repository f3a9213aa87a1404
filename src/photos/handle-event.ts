import { InvalidSettings } from '../errors';
import { createLog, type LogTarget } from '../log';
import { applyDeps, storage } from '../services';
import type { PhotoQueueName } from '../storage/names';
import { takeMessage } from '../take-message';
import { applyPhoto } from './apply-photo';
import type { Delivery } from './fold-looks';
import { decodePhotoEvent } from './photo-event';
import { putBack } from './put-back';

/** What the trigger tells of a message: numbers and times may come as text. */
export interface TriggerMetadata {
  queue: PhotoQueueName;
  dequeueCount: unknown;
  insertionTime: unknown;
}

/** The app's own settings and services, handed to `applyPhoto`. Wrong settings cost no try: the event comes back. */
export async function handleEvent(
  message: unknown,
  metadata: TriggerMetadata,
  target: LogTarget,
): Promise<void> {
  const log = createLog(target);
  const { queue } = await storage();
  const event = await takeMessage({ queue, log }, metadata.queue, message, decodePhotoEvent);
  if (!event) return;
  const delivery = toDelivery(metadata);
  try {
    await applyPhoto(await applyDeps(log), event, delivery);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    log.error('settings-invalid', { problems: error.problems });
    const deps = { queue, log, settings: { retrySeconds: [300] }, random: Math.random };
    const force = delivery.dequeueCount > 1 || event.force;
    await putBack(deps, { event, delivery, force }, { reason: error.message, failure: error });
  }
}

function toDelivery({ queue, dequeueCount, insertionTime }: TriggerMetadata): Delivery {
  const count = Number(dequeueCount);
  const insertedAt = new Date(String(insertionTime));
  return {
    queue,
    // Unknown counts as redelivered, and an unknown time as later than any look: both make us look, which is safe.
    dequeueCount: Number.isInteger(count) && count > 0 ? count : 2,
    insertedAt: Number.isNaN(insertedAt.getTime()) ? new Date() : insertedAt,
  };
}

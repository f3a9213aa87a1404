import type { EventQueue } from '../storage/event-queue';
import type { PhotoQueueName } from '../storage/names';
import type { PersonTable } from '../storage/person-table';
import type { PhotoEvent } from './photo-event';

/** How a message came to us. Both values are Storage's, not the worker's. */
export interface Delivery {
  queue: PhotoQueueName;
  /** 1 for the first time. */
  dequeueCount: number;
  insertedAt: Date;
}

/** Between a look and a message, so that the look surely began later: the two clocks tick in whole seconds. */
const skipMarginMs = 2000;

/**
 * Many notifications come for one person, nearly all about something else. This decides for a first-hand notification
 * whether it needs a look of its own:
 * `looked` a look began after it was sent; `folded` a delayed look will stand for it; `look` it is ours to look now.
 *
 * When a person was looked at is noted apart from the person's row: a note in the row would break the claim of
 * whoever is writing.
 */
export async function foldLooks(
  deps: { people: PersonTable; queue: EventQueue; coalesceMs: number; missingUserMs: number },
  event: PhotoEvent,
  delivery: Delivery,
): Promise<'look' | 'looked' | 'folded'> {
  const { people, queue, coalesceMs, missingUserMs } = deps;
  const { row } = await people.read(event.personId);
  const lookedAt = row?.dirty === false ? Date.parse(row.lookStartedAt) : Number.NaN;
  if (lookedAt > delivery.insertedAt.getTime() + skipMarginMs) return 'looked';

  // Ids that Entra does not know cost a look each once in a long while, however often they are sent.
  const window = row?.code === 'no-account' ? missingUserMs : coalesceMs;
  for (;;) {
    const look = await people.readLook(event.personId);
    const since = look.lookingSince?.getTime() ?? -Infinity;
    if (look.readAt.getTime() - since >= window) {
      if (await people.writeLook(event.personId, look.token, { lookingSince: look.readAt })) return 'look';
      continue;
    }
    if (look.nextLookAt && look.nextLookAt > delivery.insertedAt) return 'folded';
    const nextLookAt = new Date(look.readAt.getTime() + window);
    if (!(await people.writeLook(event.personId, look.token, { nextLookAt }))) continue;
    // A crash before the send costs nothing: this message comes back, and a redelivered one always looks.
    const delayed = {
      ...event,
      cause: 'delayed-look' as const,
      firstSeenAt: delivery.insertedAt.toISOString(),
    };
    await queue.send(delivery.queue, delayed, { delaySeconds: window / 1000 });
    return 'folded';
  }
}

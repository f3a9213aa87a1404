import type { PhotoEvent } from './photo-event';
import type { ApplyDeps, Run } from './run';

/** Whoever looked because of these may have been served the old photo. */
const followed: ReadonlySet<PhotoEvent['cause']> = new Set([
  'notification',
  'delayed-look',
  'second-look',
  'retry',
]);

/**
 * After a look that found nothing changed: Graph may notify before all of its servers have the new photo. So the person
 * is looked at again, a few times at growing distances, until something has changed.
 *
 * When the last of these is due is noted beside the person's row, in a place of its own. Notifications share a delayed
 * look that is due in seconds, and must not be taken to share one that is due in minutes.
 * @param now Storage's time, of the read that preceded the look.
 */
export async function lookSecondTime(
  { people, queue, settings: { mode, secondLookSeconds } }: ApplyDeps,
  { event, delivery }: Run,
  now: Date,
): Promise<void> {
  if (mode !== 'apply' || !followed.has(event.cause)) return;
  const lookNumber = (event.lookNumber ?? -1) + 1;
  const seconds = secondLookSeconds[lookNumber];
  if (seconds === undefined) return;
  // The times of the list count from the first look, and a second look tells by its own when that was.
  const ownSeconds = event.lookNumber === undefined ? 0 : (secondLookSeconds[event.lookNumber] ?? 0);
  const ownDueAt = event.lookNumber === undefined ? now.getTime() : Date.parse(event.dueAt ?? '');
  const firstLookAt = (Number.isNaN(ownDueAt) ? now.getTime() : ownDueAt) - ownSeconds * 1000;
  const dueAt = new Date(Math.max(firstLookAt + seconds * 1000, now.getTime() + 1000));

  const look = await people.readLook(event.personId);
  if (look.secondLookAt && look.secondLookAt > dueAt) return;
  const { personId, correlationId } = event;
  const second: PhotoEvent = {
    ...{ personId, cause: 'second-look', force: false, attempt: 0, lookNumber, correlationId },
    dueAt: dueAt.toISOString(),
    firstSeenAt: event.firstSeenAt ?? delivery.insertedAt.toISOString(),
  };
  // Sent first and noted afterwards: others count on the note. If it is lost, there may be a look more than needed.
  await queue.send(delivery.queue, second, {
    delaySeconds: Math.ceil((dueAt.getTime() - now.getTime()) / 1000),
  });
  await people.writeLook(personId, look.token, { secondLookAt: dueAt });
}

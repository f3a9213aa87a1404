import { randomUUID } from 'node:crypto';
import type { EventQueue } from '../storage/event-queue';
import type { PhotoQueueName } from '../storage/names';
import type { LookReading, PersonRow, PersonTable } from '../storage/person-table';
import type { PhotoEvent } from './photo-event';

/** How a message came to us. Both values are Storage's, not the worker's. */
export interface Delivery {
  queue: PhotoQueueName;
  /** 1 for the first time. */
  dequeueCount: number;
  insertedAt: Date;
}

/** `looked`: a look began after this was sent. `folded`: a later look stands for it. `look`: it is ours to look now. */
export type Folding = 'look' | 'looked' | 'folded';

/** Tables and queues tell the time in whole seconds, and each its own: what is to come later has to by more than that. */
const marginMs = 2000;

interface FoldDeps {
  people: PersonTable;
  queue: EventQueue;
  coalesceMs: number;
  missingUserMs: number;
}

/**
 * Many notifications come for one person, nearly all about something else. This decides for one that was delivered for
 * the first time whether it needs a look of its own.
 *
 * When a person was looked at is noted apart from the person's row: a note in the row would break the claim of
 * whoever is writing.
 */
export async function foldNotification(
  deps: FoldDeps,
  event: PhotoEvent,
  delivery: Delivery,
): Promise<Folding> {
  const { people, queue, coalesceMs, missingUserMs } = deps;
  const { row } = await people.read(event.personId);
  if (wasLookedAtSince(row, delivery)) return 'looked';

  // Ids that Entra does not know cost a look each once in a long while, however often they are sent.
  const window = row?.code === 'no-account' ? missingUserMs : coalesceMs;
  const surelyAfter = delivery.insertedAt.getTime() + marginMs;
  const me = randomUUID();
  for (;;) {
    const look = await people.readLook(event.personId);
    if (look.lookingBy === me) return 'look';
    const since = look.lookingSince?.getTime() ?? -Infinity;
    if (look.readAt.getTime() - since >= window) {
      if (await noteLooking(people, event.personId, look, me)) return 'look';
      continue;
    }
    if (look.nextLookAt && look.nextLookAt.getTime() > surelyAfter) return 'folded';

    // Later than this message by any clock, or a look that began before it could stand for it.
    const dueAt = new Date(Math.max(look.readAt.getTime() + window, surelyAfter));
    const firstSeenAt = delivery.insertedAt.toISOString();
    const delayed = { ...event, cause: 'delayed-look' as const, firstSeenAt, dueAt: dueAt.toISOString() };
    // Sent first and noted afterwards: others count on the note, so it has to be true by then. If two workers do this at
    // once, or the note is lost, there are two delayed looks, of which one will stand for both.
    await queue.send(delivery.queue, delayed, {
      delaySeconds: Math.ceil((dueAt.getTime() - look.readAt.getTime()) / 1000),
    });
    await people.writeLook(event.personId, look.token, { nextLookAt: dueAt });
    return 'folded';
  }
}

/** While an event of a sweep waits in the queue, others may come for the same person, and one look stands for them all. */
export async function foldSweep(
  people: Pick<PersonTable, 'read'>,
  { personId }: PhotoEvent,
  delivery: Delivery,
): Promise<Folding> {
  const { row } = await people.read(personId);
  return wasLookedAtSince(row, delivery) ? 'looked' : 'look';
}

/** Over a dirty row no look counts: what was seen was not written. */
function wasLookedAtSince(row: PersonRow | undefined, { insertedAt }: Delivery): boolean {
  return row?.dirty === false && Date.parse(row.lookStartedAt) > insertedAt.getTime() + marginMs;
}

/**
 * Whether a delayed look may be left out, because another began after it was due. Whoever noted that one looks for sure:
 * if it fails or dies, its message comes back, and a message that comes back always looks.
 */
export async function foldDelayedLook(people: PersonTable, event: PhotoEvent): Promise<Folding> {
  const dueAt = Date.parse(event.dueAt ?? '');
  const me = randomUUID();
  for (;;) {
    const look = await people.readLook(event.personId);
    if (look.lookingBy === me) return 'look';
    if (look.lookingSince && look.lookingSince.getTime() >= dueAt) return 'looked';
    if (await noteLooking(people, event.personId, look, me)) return 'look';
  }
}

/**
 * Others count on this note, so whoever wrote it has to look. `me` is a name for this one delivery: where Storage's
 * answer was lost and the write seems to have been beaten, the name tells that the note is our own.
 */
async function noteLooking(
  people: PersonTable,
  personId: string,
  look: LookReading,
  me: string,
): Promise<boolean> {
  const note = { lookingSince: look.readAt, lookingBy: me };
  return (await people.writeLook(personId, look.token, note)) !== undefined;
}

import { InvalidMessage, InvalidSettings, ServiceFailure, messageOf } from '../errors';
import { createLog, type Log, type LogTarget } from '../log';
import { config, storage } from '../services';
import type { EventQueue } from '../storage/event-queue';
import type { PersonTable } from '../storage/person-table';
import { takeMessage } from '../take-message';
import { decodePhotoEvent, type PhotoEvent } from './photo-event';

const putBackSeconds = 300;

/** The app's own services, handed to `recordPoison`. */
export async function reportPoison(
  poison: { queue: string; message: unknown; insertionTime: unknown },
  target: LogTarget,
): Promise<void> {
  const { people, queue } = await storage();
  await recordPoison({ people, queue, log: createLog(target), writes: await isWriting() }, poison);
}

/**
 * The queue gave up on an event. The person stays on record as unfinished, so that a later event or sweep writes the
 * picture again, and one structured error says so for an alert to match.
 * @param deps.writes false where the app only reports: nothing is ever unfinished then.
 */
export async function recordPoison(
  deps: { people: PersonTable; queue: EventQueue; log: Log; writes: boolean },
  poison: { queue: string; message: unknown; insertionTime: unknown },
): Promise<void> {
  let event: PhotoEvent | undefined;
  try {
    event = await takeMessage(deps, poison.queue, poison.message, decodePhotoEvent);
  } catch (error) {
    if (!(error instanceof InvalidMessage)) throw error;
    deps.log.error('photo-poisoned', { queue: poison.queue, reason: error.message });
    return;
  }
  if (!event) return;
  const reason =
    'Five tries failed; the errors of this correlationId say why. The next event about this person tries again.';
  try {
    await deps.people.overwrite(event.personId, {
      ...(deps.writes && { dirty: true }),
      failure: reason,
      failureAt: toTime(poison.insertionTime),
    });
  } catch (error) {
    // Its own tries end where nobody would see the message again, so it goes back to its queue as it is.
    if (!(error instanceof ServiceFailure)) throw error;
    deps.log.warn('poison-not-recorded', { personId: event.personId, reason: messageOf(error) });
    await deps.queue.sendBack(poison.queue, poison.message, putBackSeconds);
    return;
  }
  deps.log.error('photo-poisoned', {
    personId: event.personId,
    queue: poison.queue,
    reason,
    correlationId: event.correlationId,
  });
}

async function isWriting(): Promise<boolean> {
  try {
    return (await config()).mode === 'apply';
  } catch (error) {
    if (error instanceof InvalidSettings) return true;
    throw error;
  }
}

/** @returns ISO 8601, or empty where the trigger told no time. */
function toTime(value: unknown): string {
  const time = new Date(String(value));
  return Number.isNaN(time.getTime()) ? '' : time.toISOString();
}

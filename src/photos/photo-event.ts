import { z } from 'zod';
import { InvalidMessage } from '../errors';

/*
 * A queue message, as JSON:
 *
 *   { "version": 1,
 *     "photoChanged": {
 *       "personId": "5a0c8d3e-…",          Entra object id, lower case
 *       "cause": "notification",
 *       "force": false, "attempt": 0,
 *       "correlationId": "…" } }
 *
 * The payload lies under one key, because the Functions host lets top-level names of a JSON message overwrite the
 * trigger's metadata (dequeueCount, insertionTime). It holds ids only: no address is ever taken from a message.
 */

const photoEvent = z.strictObject({
  personId: z.guid().transform((id) => id.toLowerCase()),
  /** Why we look. Only a `notification` or a `delayed-look` may be folded into another look. */
  cause: z.enum(['notification', 'delayed-look', 'retry', 'sweep', 'admin']),
  /** Write even if the photo is the one on record: what came before may have left SharePoint half written. */
  force: z.boolean(),
  /** How often this event was put back; picks the delay of the next time. */
  attempt: z.int().min(0),
  /** When the first message of this event was queued, by Storage's clock. Absent on that first message itself. */
  firstSeenAt: z.iso.datetime({ offset: true }).optional(),
  /** Of a delayed look: when it is due, by Storage's clock. */
  dueAt: z.iso.datetime({ offset: true }).optional(),
  /** The invocation that began it, to follow an event through the logs. */
  correlationId: z.string().max(100),
});

const message = z.strictObject({ version: z.literal(1), photoChanged: photoEvent });

/** Something may have changed about this person's photo: look. */
export type PhotoEvent = z.infer<typeof photoEvent>;

export function encodePhotoEvent(event: PhotoEvent): string {
  return JSON.stringify({ version: 1, photoChanged: event });
}

/**
 * @param body what the trigger hands over: the host has parsed the JSON already.
 * @throws InvalidMessage
 */
export function decodePhotoEvent(body: unknown): PhotoEvent {
  const parsed = message.safeParse(typeof body === 'string' ? parseJson(body) : body);
  if (!parsed.success) throw new InvalidMessage(parsed.error.issues.map(describe).join('; '));
  return parsed.data.photoChanged;
}

/** What is wrong, without a word of the message itself: whoever can write to the queue would write into the log. */
function describe({ code, path }: z.core.$ZodIssue): string {
  const known = path.filter((name) => typeof name === 'string' && isFieldName(name));
  return `${known.join('.') || 'the message'}: ${code.replaceAll('_', ' ')}`;
}

const isFieldName = (name: string) => name in message.shape || name in photoEvent.shape;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

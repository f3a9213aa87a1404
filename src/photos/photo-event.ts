import * as z from 'zod';
import { messageVersion, readMessage } from '../read-message';

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
 * It holds ids only: no address is ever taken from a message.
 */

/** Why we look. Only a `notification`, a `delayed-look` or a `second-look` may be folded into another look. */
const causes = [
  'notification',
  /** In place of notifications that came too close to another look. */
  'delayed-look',
  /** After a notification that found nothing changed, since Graph may have served the old photo still. */
  'second-look',
  'retry',
  'sweep',
  /** Of somebody who could not be written before: takes a small part of the budget only. */
  'deferred',
  /** What was in doubt is to be seen again. */
  'confirm',
  /** The files of a picture that was cleared are due to go. */
  'files',
  /** Read SharePoint's picture back. */
  'check',
  /** Put back the picture of before this app. */
  'restore',
  'admin',
] as const;

const photoEvent = z.strictObject({
  personId: z.guid().transform((id) => id.toLowerCase()),
  cause: z.enum(causes),
  /** Write even if the photo is the one on record: what came before may have left SharePoint half written. */
  force: z.boolean(),
  /** How often this event was put back because something failed; picks the delay of the next time, and ends some events. */
  attempt: z.int().min(0),
  /** When the first message of this event was queued, by Storage's clock. Absent on that first message itself. */
  firstSeenAt: z.iso.datetime({ offset: true }).optional(),
  /** Of a delayed or second look: when it is due, by Storage's clock. */
  dueAt: z.iso.datetime({ offset: true }).optional(),
  /** Of a second look: which of SECOND_LOOK_SECONDS it is, from 0. */
  lookNumber: z.int().min(0).max(100).optional(),
  /** The invocation that began it, to follow an event through the logs. */
  correlationId: z.string().max(100),
});

/** Something may have changed about this person's photo: look. */
export type PhotoEvent = z.infer<typeof photoEvent>;

export function encodePhotoEvent(event: PhotoEvent): string {
  return JSON.stringify({ version: messageVersion, photoChanged: event });
}

/** @throws InvalidMessage, LaterMessage; see readMessage. */
export const decodePhotoEvent = (body: unknown): PhotoEvent =>
  readMessage('photoChanged', photoEvent, body, 'a photo-changed event');

import * as z from 'zod';
import { messageVersion, readMessage } from '../read-message';

/*
 * A queue message, as JSON: `{ "version": 1, "request": { "id": "…", "kind": "doctor", "personId": "…" } }`.
 * The answer is the row of that id in the table of records.
 */

/** The partition of its records. */
export const doctorKind = 'doctor';

const guid = z.guid().transform((id) => id.toLowerCase());

const request = z.strictObject({
  id: guid,
  kind: z.enum([doctorKind]),
  /** With whom to try; somebody in scope where nobody is named. */
  personId: guid.optional(),
});

/** What an admin asks the app to do, by the tool. */
export type AdminRequest = z.infer<typeof request>;

export const adminRequestMessage = (asked: AdminRequest): object => ({
  version: messageVersion,
  request: asked,
});

/** @throws InvalidMessage, LaterMessage; see readMessage. */
export const decodeAdminRequest = (body: unknown): AdminRequest =>
  readMessage('request', request, body, 'a request of the admin’s tool');

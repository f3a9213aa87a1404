import * as z from 'zod';
import { InvalidMessage } from '../errors';

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

const message = z.strictObject({ version: z.literal(1), request });

/** What an admin asks the app to do, by the tool. */
export type AdminRequest = z.infer<typeof request>;

export const adminRequestMessage = (asked: AdminRequest): object => ({ version: 1, request: asked });

/** @throws InvalidMessage */
export function decodeAdminRequest(body: unknown): AdminRequest {
  const parsed = message.safeParse(typeof body === 'string' ? parseJson(body) : body);
  if (parsed.success) return parsed.data.request;
  // What is wrong, without a word of the message itself: whoever can write to the queue would write into the log.
  const problems = parsed.error.issues.map(({ code }) => code.replaceAll('_', ' ')).join('; ');
  throw new InvalidMessage(problems, 'a request of the admin’s tool');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

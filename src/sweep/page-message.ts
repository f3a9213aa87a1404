import * as z from 'zod';
import { InvalidMessage } from '../errors';

/*
 * A queue message, as JSON: `{ "version": 1, "sweepPage": { "sweepId": "…", "page": 7, "attempt": 0 } }`.
 * Where that page begins stands in the sweep's row: no address is ever taken from a message.
 */

const sweepPage = z.strictObject({
  sweepId: z.guid(),
  page: z.int().min(1),
  /** How often this page was put back since the last one that was finished; picks the delay of the next time. */
  attempt: z.int().min(0),
});

const message = z.strictObject({ version: z.literal(1), sweepPage });

/** One page of a sweep is to be worked through. */
export type PageMessage = z.infer<typeof sweepPage>;

export const pageMessage = (page: PageMessage): object => ({ version: 1, sweepPage: page });

/** @throws InvalidMessage */
export function decodePageMessage(body: unknown): PageMessage {
  const parsed = message.safeParse(typeof body === 'string' ? parseJson(body) : body);
  if (parsed.success) return parsed.data.sweepPage;
  // What is wrong, without a word of the message itself: whoever can write to the queue would write into the log.
  const problems = parsed.error.issues.map(({ code }) => code.replaceAll('_', ' ')).join('; ');
  throw new InvalidMessage(problems, 'a page of a sweep');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

import * as z from 'zod';
import { messageVersion, readMessage } from '../read-message';

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

/** One page of a sweep is to be worked through. */
export type PageMessage = z.infer<typeof sweepPage>;

export const pageMessage = (page: PageMessage): object => ({ version: messageVersion, sweepPage: page });

/** @throws InvalidMessage, LaterMessage; see readMessage. */
export const decodePageMessage = (body: unknown): PageMessage =>
  readMessage('sweepPage', sweepPage, body, 'a page of a sweep');

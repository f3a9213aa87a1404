import * as z from 'zod';
import { lifecycleEvents } from '../notifications/decide-lifecycle';
import { messageVersion, readMessage } from '../read-message';

/*
 * A queue message, as JSON:
 *
 *   { "version": 1,
 *     "subscriptionEvent": { "events": ["missed"], "attempt": 0, "correlationId": "…" } }
 */

const subscriptionEvent = z.strictObject({
  /** What Graph told, each once. */
  events: z.array(z.enum(lifecycleEvents)).min(1).max(lifecycleEvents.length),
  /** How often it was put back; picks the delay of the next time. */
  attempt: z.int().min(0),
  /** The invocation that began it. */
  correlationId: z.string().max(100),
});

/** Graph told something of a subscription of ours: see to it. */
export type SubscriptionEvent = z.infer<typeof subscriptionEvent>;

export const subscriptionMessage = (event: SubscriptionEvent): object => ({
  version: messageVersion,
  subscriptionEvent: event,
});

/** @throws InvalidMessage, LaterMessage; see readMessage. */
export const decodeSubscriptionEvent = (body: unknown): SubscriptionEvent =>
  readMessage('subscriptionEvent', subscriptionEvent, body, 'a subscription event');

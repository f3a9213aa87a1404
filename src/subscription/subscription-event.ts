import * as z from 'zod';
import { InvalidMessage } from '../errors';
import { lifecycleEvents } from '../notifications/decide-lifecycle';

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

const message = z.strictObject({ version: z.literal(1), subscriptionEvent });

/** Graph told something of a subscription of ours: see to it. */
export type SubscriptionEvent = z.infer<typeof subscriptionEvent>;

export function subscriptionMessage(event: SubscriptionEvent): z.infer<typeof message> {
  return { version: 1, subscriptionEvent: event };
}

/**
 * @param body what the trigger hands over: the host has parsed the JSON already.
 * @throws InvalidMessage
 */
export function decodeSubscriptionEvent(body: unknown): SubscriptionEvent {
  const parsed = message.safeParse(body);
  // Nothing of the message itself: whoever can write to the queue would write into the log.
  if (!parsed.success) throw new InvalidMessage('its form is another', 'a subscription event');
  return parsed.data.subscriptionEvent;
}

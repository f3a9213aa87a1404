import { decideSender, type KnownSubscription, type SenderFacts, type SenderRefusal } from './decide-sender';
import { lifecycleItem } from './notification-schema';

/** What Graph tells of a subscription. https://learn.microsoft.com/graph/change-notifications-lifecycle-events */
export const lifecycleEvents = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;

export type LifecycleEvent = (typeof lifecycleEvents)[number];

export interface LifecycleDecision<S extends KnownSubscription> {
  /** What happened, each once. Of which subscription makes no difference: the app looks at all of its own. */
  events: LifecycleEvent[];
  /** Items that are Graph's and tell of something that the app does not know. */
  unknown: number;
  refused: Map<'malformed' | SenderRefusal, number>;
  toBind: Map<string, S>;
}

/** Lifecycle notifications in, what to see to out. Each item is judged by itself, as those about people are. */
export function decideLifecycle<S extends KnownSubscription>(
  items: readonly unknown[],
  facts: SenderFacts<S>,
): LifecycleDecision<S> {
  const events = new Set<LifecycleEvent>();
  let unknown = 0;
  const refused = new Map<'malformed' | SenderRefusal, number>();
  const toBind = new Map<string, S>();
  for (const value of items) {
    const { data: item } = lifecycleItem.safeParse(value);
    const refusal = item ? decideSender(item, facts, toBind) : 'malformed';
    if (refusal) {
      refused.set(refusal, (refused.get(refusal) ?? 0) + 1);
      continue;
    }
    const event = lifecycleEvents.find((known) => known === item?.lifecycleEvent);
    if (event) events.add(event);
    else unknown++;
  }
  return { events: [...events], unknown, refused, toBind };
}

import { decideSender, type KnownSubscription, type SenderFacts, type SenderRefusal } from './decide-sender';
import { notificationItem, type NotificationItem } from './notification-schema';

/** Why an item of a notification was dropped. */
export type Refusal = 'malformed' | SenderRefusal | 'not a user' | 'not a change';

export interface EventDecision<S extends KnownSubscription> {
  /** Whom to look at: object ids, lower case, each once. */
  personIds: string[];
  refused: Map<Refusal, number>;
  /** Ids that met a pending subscription's secret: to be bound to it. */
  toBind: Map<string, S>;
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const userResource = /^\/?users\/([^/]+)$/i;

/** Notifications in, people to look at out. Each item is judged by itself. */
export function decideEvents<S extends KnownSubscription>(
  items: readonly unknown[],
  facts: SenderFacts<S>,
): EventDecision<S> {
  const people = new Set<string>();
  const refused = new Map<Refusal, number>();
  const toBind = new Map<string, S>();
  for (const item of items) {
    const verdict = judge(item, facts, toBind);
    if ('refusal' in verdict) refused.set(verdict.refusal, (refused.get(verdict.refusal) ?? 0) + 1);
    else people.add(verdict.personId);
  }
  return { personIds: [...people], refused, toBind };
}

function judge<S extends KnownSubscription>(
  value: unknown,
  facts: SenderFacts<S>,
  toBind: Map<string, S>,
): { personId: string } | { refusal: Refusal } {
  const parsed = notificationItem.safeParse(value);
  if (!parsed.success) return { refusal: 'malformed' };
  const item = parsed.data;
  const refusal = decideSender(item, facts, toBind);
  if (refusal) return { refusal };
  if (item.changeType !== 'updated' && item.changeType !== 'created') return { refusal: 'not a change' };
  const personId = personOf(item);
  return personId === undefined ? { refusal: 'not a user' } : { personId };
}

/** The id only, and only if both places that carry it agree: no address in a notification is ever followed. */
function personOf(item: NotificationItem): string | undefined {
  const inResource = userResource.exec(item.resource)?.[1];
  const inData = item.resourceData?.id ?? inResource;
  if (inResource === undefined || inData === undefined) return undefined;
  if (!guidPattern.test(inResource) || inResource.toLowerCase() !== inData.toLowerCase()) return undefined;
  return inResource.toLowerCase();
}

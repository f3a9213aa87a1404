import { randomUUID } from 'node:crypto';
import type { GraphSubscription } from './subscription-book';

export interface NotificationItem {
  [field: string]: unknown;
}

/** Graph writes seven digits after the second, and an offset in place of Z. */
export function graphTime(iso: string): string {
  return iso.replace(/Z$/, '0000+00:00');
}

let sequenceNumber = 0;

/**
 * One item of a notification about a person. It says who, never what changed.
 * https://learn.microsoft.com/graph/api/resources/changenotification
 */
export function notificationItem(
  subscription: GraphSubscription,
  personId: string,
  changeType: 'updated' | 'deleted',
  tenantId: string,
  now: string,
): NotificationItem {
  sequenceNumber++;
  return {
    // The documentation calls it optional, and so every other item goes without.
    ...(sequenceNumber % 2 === 0 ? { id: randomUUID() } : {}),
    changeType,
    clientState: subscription.clientState,
    resource: `Users/${personId}`,
    resourceData: {
      '@odata.type': '#Microsoft.Graph.User',
      '@odata.id': `Users/${personId}`,
      id: personId,
      organizationId: tenantId,
      eventTime: now.replace(/Z$/, '0000Z'),
      sequenceNumber,
    },
    subscriptionExpirationDateTime: graphTime(new Date(subscription.expirationDateTime).toISOString()),
    subscriptionId: subscription.id,
    tenantId,
  };
}

/** One item about the subscription itself. https://learn.microsoft.com/graph/change-notifications-lifecycle-events */
export function lifecycleItem(
  subscription: GraphSubscription,
  lifecycleEvent: string,
  tenantId: string,
): NotificationItem {
  return {
    clientState: subscription.clientState,
    lifecycleEvent,
    subscriptionExpirationDateTime: graphTime(new Date(subscription.expirationDateTime).toISOString()),
    subscriptionId: subscription.id,
    tenantId,
  };
}

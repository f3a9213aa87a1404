import * as z from 'zod';

/*
 * What Microsoft Graph posts for changed users:
 *
 *   { "value": [ {
 *       "subscriptionId": "…", "clientState": "…", "changeType": "updated", "tenantId": "…",
 *       "resource": "Users/5a0c8d3e-…",
 *       "resourceData": { "@odata.type": "#Microsoft.Graph.User", "id": "5a0c8d3e-…" } } ] }
 *
 * Fields the app does not know are let through, since Graph adds some without notice.
 * https://learn.microsoft.com/graph/api/resources/changenotification
 */

/** Items are judged one by one, so that a bad one never spoils the rest. */
export const notificationCollection = z.looseObject({ value: z.array(z.unknown()).max(1000) });

export const notificationItem = z.looseObject({
  subscriptionId: z.string().max(200),
  /** Anything at all: it is compared, not trusted. */
  clientState: z.unknown(),
  changeType: z.string().max(100),
  tenantId: z.string().max(200),
  resource: z.string().max(500),
  resourceData: z.looseObject({ id: z.string().max(200).optional() }).nullish(),
});

export type NotificationItem = z.infer<typeof notificationItem>;

/*
 * What Microsoft Graph posts about a subscription itself:
 *
 *   { "value": [ {
 *       "lifecycleEvent": "reauthorizationRequired", "subscriptionId": "…", "clientState": "…", "tenantId": "…",
 *       "subscriptionExpirationDateTime": "…" } ] }
 *
 * https://learn.microsoft.com/graph/change-notifications-lifecycle-events
 */
export const lifecycleItem = z.looseObject({
  subscriptionId: z.string().max(200),
  /** Anything at all: it is compared, not trusted. */
  clientState: z.unknown(),
  lifecycleEvent: z.string().max(100),
  tenantId: z.string().max(200),
});

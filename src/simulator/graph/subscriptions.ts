import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { ServiceAnswer, ServiceRequest, SimulatorClock } from '../books';
import { CLIENT_ID } from '../identity';
import type { GraphSubscription, SubscriptionBook } from '../notifying/subscription-book';
import { validateEndpoint } from '../notifying/validate-endpoint';
import { graphError, graphJson, methodNotAllowed } from './graph-answer';
import { refuseExpiry, renewalSchema, subscriptionRequestSchema } from './subscription-request';

/** For one app in one tenant. https://learn.microsoft.com/graph/change-notifications-overview */
const QUOTA = 100;

export interface SubscriptionParts {
  subscriptions: SubscriptionBook;
  clock: SimulatorClock;
}

const invalid = (message: string) => graphError(400, 'InvalidRequest', message);

const quotaReached = () =>
  graphError(
    403,
    'ExtensionError',
    `The application has reached its quota of ${String(QUOTA)} subscriptions in this tenant.`,
  );

const notFound = (id: string) =>
  graphError(404, 'ResourceNotFound', `The object was not found: subscription ${id}.`);

/** `clientState` is given back by the POST and by nothing else. */
function shown(subscription: GraphSubscription, withState: boolean): Record<string, unknown> {
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: CLIENT_ID,
    changeType: subscription.changeType,
    clientState: withState ? subscription.clientState : null,
    notificationUrl: subscription.notificationUrl,
    notificationQueryOptions: null,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    expirationDateTime: subscription.expirationDateTime,
    creatorId: CLIENT_ID,
    includeResourceData: null,
    latestSupportedTlsVersion: subscription.latestSupportedTlsVersion,
    encryptionCertificate: null,
    encryptionCertificateId: null,
    notificationUrlAppId: null,
  };
}

function entity(request: ServiceRequest, status: number, subscription: GraphSubscription): ServiceAnswer {
  const context = `${request.origin}/v1.0/$metadata#subscriptions/$entity`;
  return graphJson(status, { '@odata.context': context, ...shown(subscription, status === 201) });
}

function parseJson(request: ServiceRequest): unknown {
  try {
    return JSON.parse(request.body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

async function create({ subscriptions, clock }: SubscriptionParts, request: ServiceRequest) {
  const parsed = subscriptionRequestSchema.safeParse(parseJson(request));
  if (!parsed.success) return invalid(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const wish = parsed.data;
  const refused = refuseExpiry(wish.expirationDateTime, clock.now());
  if (refused !== undefined) return invalid(refused);
  if (subscriptions.list().length >= QUOTA) return quotaReached();
  for (const url of [wish.notificationUrl, wish.lifecycleNotificationUrl ?? []].flat()) {
    const failure = await validateEndpoint(url);
    if (failure !== undefined) return graphError(400, 'ValidationError', failure);
  }
  // Others may have been made while the endpoint was asked.
  if (subscriptions.list().length >= QUOTA) return quotaReached();
  const subscription: GraphSubscription = {
    id: randomUUID(),
    resource: wish.resource,
    changeType: wish.changeType.replaceAll(' ', ''),
    clientState: wish.clientState ?? null,
    notificationUrl: wish.notificationUrl,
    lifecycleNotificationUrl: wish.lifecycleNotificationUrl ?? null,
    expirationDateTime: new Date(wish.expirationDateTime).toISOString(),
    latestSupportedTlsVersion: wish.latestSupportedTlsVersion,
  };
  subscriptions.put(subscription);
  return entity(request, 201, subscription);
}

function renew(
  { subscriptions, clock }: SubscriptionParts,
  request: ServiceRequest,
  known: GraphSubscription,
) {
  const parsed = renewalSchema.safeParse(parseJson(request));
  if (!parsed.success) return invalid(z.prettifyError(parsed.error).replaceAll('\n', ' '));
  const refused = refuseExpiry(parsed.data.expirationDateTime, clock.now());
  if (refused !== undefined) return invalid(refused);
  const renewed = { ...known, expirationDateTime: new Date(parsed.data.expirationDateTime).toISOString() };
  subscriptions.put(renewed);
  return entity(request, 200, renewed);
}

/** `path` is what follows `/subscriptions`. https://learn.microsoft.com/graph/api/resources/subscription */
export async function serveSubscriptions(
  parts: SubscriptionParts,
  request: ServiceRequest,
  [id, action]: readonly string[],
): Promise<ServiceAnswer> {
  if (id === undefined) {
    if (request.method === 'POST') return create(parts, request);
    if (request.method !== 'GET') return methodNotAllowed(request.method);
    const context = `${request.origin}/v1.0/$metadata#subscriptions`;
    const value = parts.subscriptions.list().map((subscription) => shown(subscription, false));
    return graphJson(200, { '@odata.context': context, value });
  }
  const known = parts.subscriptions.get(id);
  if (known === undefined) return notFound(id);
  if (action === 'reauthorize' && request.method === 'POST') return { status: 204 };
  switch (request.method) {
    case 'GET':
      return entity(request, 200, known);
    case 'PATCH':
      return renew(parts, request, known);
    case 'DELETE':
      parts.subscriptions.remove(id);
      return { status: 204 };
    default:
      return methodNotAllowed(request.method);
  }
}

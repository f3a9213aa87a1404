import { z } from 'zod';
import { ServiceFailure } from '../errors';
import { errorCode, type GraphClient } from './graph-client';
import { jsonOf } from './http';
import { nextPagePath } from './next-page-path';

/** A subscription as Graph lists it: only those of our own app are listed. */
export interface GraphSubscription {
  id: string;
  resource: string;
  notificationUrl: string;
  expiresAt: Date;
}

export interface GraphSubscriptions {
  /** @throws ServiceFailure */
  list(): Promise<GraphSubscription[]>;
  /** Graph calls the notification URL before it answers, and waits 10 s for it. @throws ServiceFailure */
  create(request: {
    notificationUrl: string;
    clientState: string;
    expiresAt: Date;
  }): Promise<GraphSubscription>;
}

const subscription = z
  .looseObject({
    id: z.string().min(1),
    resource: z.string(),
    notificationUrl: z.string(),
    expirationDateTime: z.iso.datetime({ offset: true }),
  })
  .transform(({ id, resource, notificationUrl, expirationDateTime }): GraphSubscription => {
    return { id, resource, notificationUrl, expiresAt: new Date(expirationDateTime) };
  });

const page = z.looseObject({ value: z.array(subscription), '@odata.nextLink': z.string().optional() });

const maximumPages = 20;

export function createGraphSubscriptions(client: GraphClient, graphUrl: string): GraphSubscriptions {
  return {
    async list() {
      const found: GraphSubscription[] = [];
      let path: string | undefined = '/subscriptions';
      for (let pages = 0; path !== undefined && pages < maximumPages; pages++) {
        const answer = await client.request('GET', path);
        const parsed = page.safeParse(jsonOf(answer));
        if (answer.status !== 200 || !parsed.success)
          throw refused('list subscriptions', answer.status, jsonOf(answer));
        found.push(...parsed.data.value);
        path = nextPagePath(parsed.data['@odata.nextLink'], graphUrl);
      }
      return found;
    },
    async create({ notificationUrl, clientState, expiresAt }) {
      const answer = await client.request('POST', '/subscriptions', {
        failuresAreAnswers: true,
        body: {
          changeType: 'updated',
          resource: 'users',
          notificationUrl,
          clientState,
          expirationDateTime: expiresAt.toISOString(),
          latestSupportedTlsVersion: 'v1_2',
        },
      });
      const parsed = subscription.safeParse(jsonOf(answer));
      if (answer.status !== 201 || !parsed.success)
        throw refused('make a subscription', answer.status, jsonOf(answer));
      return parsed.data;
    },
  };
}

const advice: Record<number, string> = {
  400: 'Graph calls the notification address before it subscribes: check that NOTIFICATION_URL is this app, public, and asks for no sign-in.',
  401: 'The token was not accepted.',
  403: 'Either the role User.Read.All on Microsoft Graph is missing (one granted today can take a day to reach the token), or the tenant has reached its limit of subscriptions.',
};

function refused(doing: string, status: number, body: unknown): ServiceFailure {
  const code = errorCode(body) ?? 'no details';
  const message = `Graph refused to ${doing} (${String(status)} ${code}). ${advice[status] ?? ''}`.trim();
  return new ServiceFailure('Graph', message, { status });
}

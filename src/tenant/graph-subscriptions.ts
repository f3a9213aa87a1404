import * as z from 'zod';
import { ServiceFailure } from '../errors';
import { explainRefusal } from './explain-refusal';
import { errorCode, throwIfNotNow, type GraphClient } from './graph-client';
import { jsonOf, type Answer } from './http';
import { nextPagePath } from './next-page-path';

/** A subscription as Graph lists it: only those of our own app are listed. */
export interface GraphSubscription {
  id: string;
  resource: string;
  notificationUrl: string;
  lifecycleUrl: string | undefined;
  expiresAt: Date;
}

export interface GraphSubscriptions {
  /** `now`: Graph's own time, by which subscriptions end. @throws ServiceFailure */
  list(): Promise<{ subscriptions: GraphSubscription[]; now: Date | undefined }>;
  /** Graph calls both addresses before it answers, and waits 10 s for each. @throws ServiceFailure */
  create(request: {
    notificationUrl: string;
    lifecycleUrl: string;
    clientState: string;
    expiresAt: Date;
  }): Promise<GraphSubscription>;
  /** Moves the end and authorises anew. @returns the new end, or undefined where there is no such one. @throws ServiceFailure */
  renew(id: string, expiresAt: Date): Promise<Date | undefined>;
  /** It is gone afterwards, whether it was there or not. @throws ServiceFailure */
  remove(id: string): Promise<void>;
}

const subscription = z
  .looseObject({
    id: z.string().min(1),
    resource: z.string(),
    notificationUrl: z.string(),
    lifecycleNotificationUrl: z.string().nullish(),
    expirationDateTime: z.iso.datetime({ offset: true }),
  })
  .transform((answer): GraphSubscription => {
    return {
      id: answer.id,
      resource: answer.resource,
      notificationUrl: answer.notificationUrl,
      lifecycleUrl: answer.lifecycleNotificationUrl ?? undefined,
      expiresAt: new Date(answer.expirationDateTime),
    };
  });

const page = z.looseObject({ value: z.array(subscription), '@odata.nextLink': z.string().optional() });

const maximumPages = 20;
const pathOf = (id: string) => `/subscriptions/${encodeURIComponent(id)}`;

export function createGraphSubscriptions(
  client: GraphClient,
  { graphUrl }: { graphUrl: string },
): GraphSubscriptions {
  const refused = (doing: string, answer: Answer): ServiceFailure => {
    const { status, headers, token } = answer;
    if (status !== 401 && status !== 403) throwIfNotNow(status, headers, answer);
    const body = jsonOf(answer);
    const [code, message] = [errorCode(body), errorMessage(body)];
    return new ServiceFailure('Graph', explainRefusal({ doing, status, code, message, token }), {
      status,
    });
  };
  const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer> =>
    client.request(method, path, { failuresAreAnswers: true, ...(body && { body }) });

  return {
    async list() {
      const found: GraphSubscription[] = [];
      let now: Date | undefined;
      let path: string | undefined = '/subscriptions';
      for (let pages = 0; path !== undefined && pages < maximumPages; pages++) {
        const answer = await ask('GET', path);
        const parsed = page.safeParse(jsonOf(answer));
        if (answer.status !== 200 || !parsed.success) throw refused('list subscriptions', answer);
        found.push(...parsed.data.value);
        now ??= answer.date;
        path = nextPagePath(parsed.data['@odata.nextLink'], graphUrl);
      }
      return { subscriptions: found, now };
    },
    async create({ notificationUrl, lifecycleUrl, clientState, expiresAt }) {
      const answer = await ask('POST', '/subscriptions', {
        changeType: 'updated',
        resource: 'users',
        notificationUrl,
        // It can't be added later. https://learn.microsoft.com/graph/change-notifications-lifecycle-events
        lifecycleNotificationUrl: lifecycleUrl,
        clientState,
        expirationDateTime: expiresAt.toISOString(),
        latestSupportedTlsVersion: 'v1_2',
      });
      const parsed = subscription.safeParse(jsonOf(answer));
      if (answer.status !== 201 || !parsed.success) throw refused('make a subscription', answer);
      return parsed.data;
    },
    async renew(id, expiresAt) {
      const answer = await ask('PATCH', pathOf(id), { expirationDateTime: expiresAt.toISOString() });
      if (answer.status === 404) return undefined;
      const parsed = subscription.safeParse(jsonOf(answer));
      if (answer.status !== 200 || !parsed.success) throw refused('renew the subscription', answer);
      return parsed.data.expiresAt;
    },
    async remove(id) {
      const answer = await ask('DELETE', pathOf(id));
      if (answer.status !== 204 && answer.status !== 404) throw refused('delete a subscription', answer);
    },
  };
}

const errorBody = z.looseObject({ error: z.looseObject({ message: z.string() }) });

function errorMessage(body: unknown): string {
  return errorBody.safeParse(body).data?.error.message ?? '';
}

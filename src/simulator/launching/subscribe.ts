import type { LocalTenant } from '../local-tenant';
import { waitUntil } from './wait-until';

const withinMs = 20_000;

/**
 * Has the app make its subscription now, where its timer would do so within a quarter of an hour.
 * @throws Error if Graph still knows of none.
 */
export async function subscribe({ functionsUrl, pageUrl }: LocalTenant): Promise<void> {
  const response = await fetch(`${functionsUrl}/admin/functions/keep-subscription`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (response.status !== 202)
    throw new Error(`keep-subscription could not be started: ${String(response.status)}.`);
  const isSubscribed = async () => {
    const subscriptions = (await (await fetch(`${pageUrl}/_sim/subscriptions`)).json()) as {
      notificationUrl: string;
    }[];
    return subscriptions.some(({ notificationUrl }) => notificationUrl.startsWith(functionsUrl));
  };
  if (!(await waitUntil(isSubscribed, withinMs))) {
    throw new Error('The app has not made its subscription to notifications. Its log above says why.');
  }
}

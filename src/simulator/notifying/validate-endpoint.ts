import { randomUUID } from 'node:crypto';

/** https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation */
const TIMEOUT_MS = 10_000;

export type ValidationFailure =
  | 'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.'
  | 'Subscription validation request timed out.'
  | 'Subscription validation request failed. Response must exactly match validationToken query parameter.'
  | 'Subscription validation request failed. Must respond with content type text/plain.';

/**
 * Asks an endpoint to echo a token. The token has blanks and colons, as the real ones do, and besides what breaks
 * when it is decoded twice or not at all. Returns why it failed, or undefined.
 */
export async function validateEndpoint(
  url: string,
  timeoutMs = TIMEOUT_MS,
): Promise<ValidationFailure | undefined> {
  const token = `Validation: Testing client application reachability for subscription Request-Id: ${randomUUID()} 100% 1+1=2 %2B`;
  const asked = `${url}${url.includes('?') ? '&' : '?'}validationToken=${encodeURIComponent(token)}`;
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(asked, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      redirect: 'manual',
      signal,
    });
    const echoed = await response.text();
    if (response.status !== 200) {
      return 'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.';
    }
    if (!/^text\/plain\b/i.test(response.headers.get('content-type') ?? '')) {
      return 'Subscription validation request failed. Must respond with content type text/plain.';
    }
    return echoed === token
      ? undefined
      : 'Subscription validation request failed. Response must exactly match validationToken query parameter.';
  } catch {
    return signal.aborted
      ? 'Subscription validation request timed out.'
      : 'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.';
  }
}

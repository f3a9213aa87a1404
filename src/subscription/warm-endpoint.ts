import { randomUUID } from 'node:crypto';

/** So long Graph waits for the same answer. https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation */
const graphWaitsMs = 10_000;
const longestEchoBytes = 1000;

/**
 * Asks an endpoint of our own for the answer that Graph is about to ask for, so that an app that just started has its
 * cold start behind it by then.
 * @returns the likely cause where the answer is not the right one; Graph may come another way, and is asked anyway.
 */
export async function warmEndpoint(url: string, timeoutMs: number): Promise<string | undefined> {
  const token = `Warming up: ${randomUUID()}`;
  const signal = AbortSignal.timeout(Math.min(timeoutMs, graphWaitsMs));
  try {
    const response = await fetch(
      `${url}${url.includes('?') ? '&' : '?'}validationToken=${encodeURIComponent(token)}`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'text/plain; charset=utf-8' },
        redirect: 'manual',
        signal,
      },
    );
    if (response.status !== 200) {
      await response.body?.cancel();
      return causeOf(response.status);
    }
    const isShort = Number(response.headers.get('content-length') ?? 0) <= longestEchoBytes;
    return isShort && (await response.text()) === token
      ? undefined
      : 'Something else than this app answers there, since the token did not come back.';
  } catch {
    return signal.aborted
      ? 'There was no answer in time: the app is still starting, or its network does not let it call itself.'
      : 'It can’t be reached from the app itself: the host name may be wrong, or the network closed to the app.';
  }
}

function causeOf(status: number): string {
  const answered = `It answered with ${String(status)}`;
  if (status >= 300 && status < 400) {
    return `${answered}, a redirect: sign-in may be switched on (Authentication, EasyAuth), or another address be the right one.`;
  }
  if (status === 401 || status === 403) {
    return `${answered}: sign-in, a client certificate or an access restriction keeps callers out, and Graph with them.`;
  }
  if (status === 404) return `${answered}: the path or the host is not this app’s.`;
  return `${answered}: the app is not well yet.`;
}

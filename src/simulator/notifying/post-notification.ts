/**
 * How long Graph waits for an answer. Its pages have said 3 and 10 seconds; the newest seen says 3.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#receive-notifications
 */
const TIMEOUT_MS = 3_000;

export interface PostResult {
  /** 0: no answer in time, or no connection. */
  status: number;
  durationMs: number;
}

export async function postNotification(url: string, payload: unknown): Promise<PostResult> {
  const startedAt = performance.now();
  let status = 0;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json; charset=utf-8', 'User-Agent': 'Microsoft Graph (local tenant)' },
      body: JSON.stringify(payload),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    status = response.status;
    await response.body?.cancel();
  } catch {
    // Whatever it was, there was no 2xx in time: that is all Graph goes by.
  }
  return { status, durationMs: Math.round(performance.now() - startedAt) };
}

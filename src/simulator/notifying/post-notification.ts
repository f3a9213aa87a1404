import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/**
 * How long Graph waits for an answer. Its pages have said 3 and 10 seconds; the newest seen says 3.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#receive-notifications
 */
const TIMEOUT_MS = 3_000;

const plainAgent = new HttpAgent({ keepAlive: true });
const tlsAgent = new HttpsAgent({ keepAlive: true });

export interface PostResult {
  /** 0: no answer in time, or no connection. */
  status: number;
  durationMs: number;
}

/** The status, as soon as it is there; node:http, because a burst of thousands spends a fifth of the time of `fetch`. */
function post(url: string, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const isTls = url.startsWith('https:');
    const options = {
      method: 'POST',
      agent: isTls ? tlsAgent : plainAgent,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Content-Length': body.length,
        'User-Agent': 'Microsoft Graph (local tenant)',
      },
    };
    const onAnswer = (answer: IncomingMessage) => {
      clearTimeout(timer);
      answer.resume();
      resolve(answer.statusCode ?? 0);
    };
    const request = (isTls ? httpsRequest : httpRequest)(url, options, onAnswer);
    const timer = setTimeout(() => request.destroy(new Error('No answer in time')), TIMEOUT_MS);
    request.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      // The endpoint closed an idle connection just as it was taken up again: that is no answer, and no failure.
      if (request.reusedSocket && error.code === 'ECONNRESET') post(url, body).then(resolve, reject);
      else reject(error);
    });
    request.end(body);
  });
}

export async function postNotification(url: string, payload: unknown): Promise<PostResult> {
  const startedAt = performance.now();
  // Whatever fails, there was no 2xx in time: that is all Graph goes by.
  const status = await post(url, Buffer.from(JSON.stringify(payload))).catch(() => 0);
  return { status, durationMs: Math.round(performance.now() - startedAt) };
}

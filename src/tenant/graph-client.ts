import { Client, HTTPMessageHandler, ResponseType } from '@microsoft/microsoft-graph-client';
import { ServiceFailure } from '../errors';
import type { Credentials } from './credentials';
import { describeToken } from './describe-token';
import { explainMissingRight } from './explain-missing-right';
import { heldRole } from './held-role';
import { jsonOf, readAnswer, retryAfterSeconds, type Answer } from './http';
import { readUsers } from './rights';

export interface GraphClient {
  /**
   * One request, one answer, of any status but those that mean "not now": throttled, down, refused.
   * @param path below /v1.0, built from constants and checked ids.
   * @throws ServiceFailure
   */
  request(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    options?: {
      body?: object;
      headers?: Record<string, string>;
      maximumBytes?: number;
      failuresAreAnswers?: boolean;
    },
  ): Promise<Answer>;
}

const defaultMaximumBytes = 1024 * 1024;

/**
 * Microsoft's client with its retries and redirects taken out: it would sleep for minutes inside an invocation, where
 * this app puts the event back with a delay. `RAW` answers, because the client's own error loses the body and the
 * `Retry-After` of an answer to a binary request.
 */
export function createGraphClient(
  credentials: Credentials,
  options: { graphUrl: string; timeoutMs: number; grantedAt?: Date | undefined },
): GraphClient {
  const client = Client.initWithMiddleware({
    baseUrl: options.graphUrl,
    defaultVersion: 'v1.0',
    middleware: new HTTPMessageHandler(),
  });
  return {
    async request(
      method,
      path,
      { body, headers = {}, maximumBytes = defaultMaximumBytes, failuresAreAnswers = false } = {},
    ) {
      // Microsoft's client takes a path that has "https://" anywhere in it for a whole address, and would send the token there.
      if (/https?:/i.test(path)) {
        throw new ServiceFailure('Graph', 'An address that came where a path belongs is not followed.');
      }
      const token = await credentials.tokenFor(options.graphUrl);
      const request = client
        .api(path)
        .headers({ ...headers, Authorization: `Bearer ${token}`, 'User-Agent': userAgent })
        .options({ redirect: 'manual', signal: AbortSignal.timeout(options.timeoutMs) })
        .responseType(ResponseType.RAW);
      const pending = (
        method === 'GET'
          ? request.get()
          : method === 'POST'
            ? request.post(body)
            : method === 'PATCH'
              ? request.patch(body)
              : request.delete()
      ) as Promise<Response>;
      const answer = {
        ...(await readAnswer('Graph', pending, maximumBytes)),
        token: describeToken(token, options.grantedAt),
      };
      if (!failuresAreAnswers) throwIfNotNow(answer.status, answer.headers, answer);
      return answer;
    },
  };
}

/** Microsoft asks that apps name themselves, and tells the two kinds of traffic apart by it. */
export const userAgent = 'NONISV|PhotoSync|PhotoSyncForSharePoint/0.1';

/**
 * @param answer the one in question, or the batch that it is a part of.
 * @throws ServiceFailure for a status that says nothing about the person, only about the service or our rights.
 */
export function throwIfNotNow(status: number, headers: Headers, answer?: Answer): void {
  const wait = retryAfterSeconds(headers, answer?.date);
  const fail = (message: string) => new ServiceFailure('Graph', message, { status, retryAfterSeconds: wait });
  if (status === 429) throw fail('Graph asks us to slow down (429).');
  if (status >= 500) throw fail(`Graph is not well (${String(status)}).`);
  const token = answer?.token;
  const explained = explainMissingRight(readUsers, token);
  if (status === 401) {
    const isMissing = token && heldRole(readUsers, token) === undefined;
    throw fail(`Graph did not accept the token (401).${isMissing ? ` ${explained}` : ''}`);
  }
  if (status === 403) throw fail(`Graph refuses (403${codeOf(answer)}). ${explained}`);
}

/** Graph's own error code, such as `ImageNotFound`; it holds nothing personal. */
export function errorCode(body: unknown): string | undefined {
  const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[\w.]{1,80}$/.test(code) ? code : undefined;
}

function codeOf(answer: Answer | undefined): string {
  const code = answer && errorCode(jsonOf(answer));
  return code ? ` ${code}` : '';
}

import * as z from 'zod';
import { ServiceFailure } from '../errors';
import type { Credentials } from './credentials';
import { describeToken, type TokenFacts } from './describe-token';
import { explainMissingRight } from './explain-missing-right';
import { heldRole } from './held-role';
import { userAgent } from './graph-client';
import { jsonOf, readAnswer, retryAfterSeconds, type Answer } from './http';
import { writeProfiles, type Right } from './rights';

/** Whether a request may still be made: throws where it may not. */
export type BeforeRequest = () => Promise<void>;

export interface SharePointClient {
  /**
   * One request, one answer, of any status but those that mean "not now": throttled, down, refused.
   * @param origin one of the configured hosts; the token is for it alone.
   * @param path from constants and escaped values.
   * @param options.right what the request needs, to be named where it is refused.
   * @param options.answers statuses that say something about what was asked for, though elsewhere they mean "not now".
   * @param options.before awaited right before the request, when the token is there; what it throws ends it.
   * @throws ServiceFailure
   */
  request(
    method: 'GET' | 'POST',
    origin: string,
    path: string,
    options?: {
      body?: Uint8Array | string;
      contentType?: string;
      before?: BeforeRequest | undefined;
      maximumBytes?: number;
      answers?: readonly number[];
      right?: Right;
    },
  ): Promise<Answer>;
}

const maximumAnswerBytes = 2 * 1024 * 1024;

/**
 * No request digest: it guards browser sessions, not requests with a bearer token.
 * https://learn.microsoft.com/sharepoint/dev/sp-add-ins/complete-basic-operations-using-sharepoint-rest-endpoints
 */
export function createSharePointClient(
  credentials: Credentials,
  options: { timeoutMs: number; grantedAt?: Date | undefined },
): SharePointClient {
  return {
    async request(
      method,
      origin,
      path,
      {
        body,
        contentType,
        before,
        maximumBytes = maximumAnswerBytes,
        answers = [],
        right = writeProfiles,
      } = {},
    ) {
      const token = await credentials.tokenFor(origin);
      await before?.();
      const pending = fetch(`${origin}${path}`, {
        method,
        redirect: 'manual',
        signal: AbortSignal.timeout(options.timeoutMs),
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: 'application/json;odata=nometadata',
          'User-Agent': userAgent,
          ...(contentType && { 'Content-Type': contentType }),
        },
        ...(body !== undefined && { body }),
      });
      const answer = {
        ...(await readAnswer('SharePoint', pending, maximumBytes)),
        token: describeToken(token, options.grantedAt),
      };
      if (!answers.includes(answer.status)) throwIfNotNow(answer, right, new URL(origin).host);
      return answer;
    },
  };
}

const odataError = z.looseObject({
  'odata.error': z.looseObject({
    code: z.string(),
    message: z.looseObject({ value: z.string() }).optional(),
  }),
});

/** SharePoint's own name of a refusal, such as `-2147024894, System.IO.FileNotFoundException`; nothing personal. */
export function sharePointErrorCode(answer: Answer): string {
  const parsed = odataError.safeParse(jsonOf(answer));
  return parsed.success ? parsed.data['odata.error'].code.slice(0, 120) : 'no details';
}

/** Whether SharePoint says that the user profile store does not know the person. */
export function saysNoProfile(text: string): boolean {
  return /User Profile Error 1000|User Not Found/i.test(text);
}

function throwIfNotNow(answer: Answer, right: Right, host: string): void {
  const { status, token } = answer;
  const fail = (message: string) =>
    new ServiceFailure('SharePoint', message, {
      status,
      retryAfterSeconds: retryAfterSeconds(answer.headers, answer.date),
    });
  if (status === 429) throw fail('SharePoint asks us to slow down (429).');
  if (status === 401) {
    // A token without any role is refused so, too.
    const isMissing = token && heldRole(right, token) === undefined;
    const explained = isMissing ? ` ${explainMissingRight(right, token)}` : '';
    throw fail(`SharePoint did not accept the token (401).${explained}`);
  }
  if (status === 403) throw fail(accessDenied(host, sharePointErrorCode(answer), right, token));
  // A 500 may carry SharePoint's word that this person has no profile, which is about the person, not the service.
  if (status >= 500 && !saysNoProfile(answer.body.toString('utf8'))) {
    throw fail(`SharePoint is not well (${String(status)}, ${sharePointErrorCode(answer)}).`);
  }
}

export function accessDenied(
  host: string,
  code: string,
  right: Right,
  token: TokenFacts | undefined,
): string {
  return `SharePoint refuses (${host}, ${code}). ${explainMissingRight(right, token)}`;
}

/** Not a failure of the service but of our request, or a state we do not know: the queue's tries are for this. */
export function unexpected(answer: Answer, doing: string): Error {
  return new Error(`SharePoint refused ${doing}: ${String(answer.status)}, ${sharePointErrorCode(answer)}.`);
}

import * as z from 'zod';
import { ServiceFailure } from '../errors';
import type { Credentials } from './credentials';
import { userAgent } from './graph-client';
import { jsonOf, readAnswer, retryAfterSeconds, type Answer } from './http';

/** Whether a request may still be made: throws where it may not. */
export type BeforeRequest = () => Promise<void>;

export interface SharePointClient {
  /**
   * One request, one answer, of any status but those that mean "not now": throttled, down, refused.
   * @param origin one of the configured hosts; the token is for it alone.
   * @param path from constants and escaped values.
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
  options: { timeoutMs: number },
): SharePointClient {
  return {
    async request(
      method,
      origin,
      path,
      { body, contentType, before, maximumBytes = maximumAnswerBytes, answers = [] } = {},
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
      const answer = await readAnswer('SharePoint', pending, maximumBytes);
      if (!answers.includes(answer.status)) throwIfNotNow(answer);
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

function throwIfNotNow(answer: Answer): void {
  const { status } = answer;
  const fail = (message: string) =>
    new ServiceFailure('SharePoint', message, {
      status,
      retryAfterSeconds: retryAfterSeconds(answer.headers, answer.date),
    });
  if (status === 429) throw fail('SharePoint asks us to slow down (429).');
  if (status === 401) throw fail('SharePoint did not accept the token (401).');
  if (status === 403) throw fail(accessDenied(sharePointErrorCode(answer)));
  // A 500 may carry SharePoint's word that this person has no profile, which is about the person, not the service.
  if (status >= 500 && !saysNoProfile(answer.body.toString('utf8'))) {
    throw fail(`SharePoint is not well (${String(status)}, ${sharePointErrorCode(answer)}).`);
  }
}

export function accessDenied(code: string): string {
  return `SharePoint refuses (${code}): the app's identity needs the application role User.ReadWrite.All on "Office 365 SharePoint Online" (not the one of the same name on Microsoft Graph) and write permission on the My Site host. A role granted today can take a day to reach the token.`;
}

/** Not a failure of the service but of our request, or a state we do not know: the queue's tries are for this. */
export function unexpected(answer: Answer, doing: string): Error {
  return new Error(`SharePoint refused ${doing}: ${String(answer.status)}, ${sharePointErrorCode(answer)}.`);
}

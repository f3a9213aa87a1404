import { ServiceFailure, type FailingService } from '../errors';
import type { TokenFacts } from './describe-token';

/** An answer whose body is read, whatever its status. */
export interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
  /** The service's own time. */
  date: Date | undefined;
  /** What the token that it was asked with says of itself: it explains a refusal. */
  token?: TokenFacts | undefined;
}

/** More bytes than allowed were announced or came in; the rest was not read. */
export class AnswerTooLarge extends ServiceFailure {
  constructor(service: FailingService, maximumBytes: number) {
    super(service, `${service} sent an answer of more than ${String(maximumBytes)} bytes.`);
    this.name = 'AnswerTooLarge';
  }
}

/**
 * Waits for an answer and reads its body, within the time limit that `signal` sets and up to `maximumBytes`.
 * @throws ServiceFailure where there is no whole answer: unreachable, reset, cut off, too slow, too large, or a
 * redirect, which is never followed since it could carry the token elsewhere.
 */
export async function readAnswer(
  service: FailingService,
  pending: Promise<Response>,
  maximumBytes: number,
): Promise<Answer> {
  try {
    const response = await pending;
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      const problem = `${service} answered with a redirect (${String(response.status)}), which is not followed.`;
      throw new ServiceFailure(service, problem, { status: response.status });
    }
    const date = Date.parse(response.headers.get('date') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: await readBody(service, response, maximumBytes),
      date: Number.isNaN(date) ? undefined : new Date(date),
    };
  } catch (error) {
    throw error instanceof ServiceFailure ? error : unreachable(service, error);
  }
}

async function readBody(service: FailingService, response: Response, maximumBytes: number): Promise<Buffer> {
  if (Number(response.headers.get('content-length') ?? 0) > maximumBytes) {
    await response.body?.cancel();
    throw new AnswerTooLarge(service, maximumBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (length > maximumBytes) throw new AnswerTooLarge(service, maximumBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

function unreachable(service: FailingService, error: unknown): ServiceFailure {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const name = error instanceof Error ? error.name : 'unknown error';
  // Microsoft's Graph client gives an error of its own, with the name of the one it caught as its code.
  const isLate = name === 'TimeoutError' || code === 'TimeoutError';
  const what = isLate ? 'did not answer in time' : `could not be reached (${code ?? name})`;
  return new ServiceFailure(service, `${service} ${what}.`);
}

/**
 * What a service asks us to wait: the greater of `Retry-After` (seconds or a date, judged by the service's own clock)
 * and SharePoint's `RateLimit-Reset`.
 * https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
 */
export function retryAfterSeconds(headers: Headers, serverTime: Date | undefined): number | undefined {
  const retryAfter = headers.get('retry-after') ?? '';
  const untilDate = (Date.parse(retryAfter) - (serverTime?.getTime() ?? Number.NaN)) / 1000;
  const waits = [
    seconds(retryAfter) ?? untilDate,
    seconds(headers.get('ratelimit-reset') ?? '') ?? Number.NaN,
  ];
  const known = waits.filter((wait) => Number.isFinite(wait) && wait >= 0);
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** A blank is no number, though `Number` takes it for 0, which would mean "at once". */
function seconds(value: string): number | undefined {
  return /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

/** The answer as JSON, or undefined where it is none. */
export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

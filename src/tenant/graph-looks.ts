import { ServiceFailure } from '../errors';
import { batchAnswer, photoMetadata } from './graph-answers';
import { errorCode, throwIfNotNow, type GraphClient } from './graph-client';
import { jsonOf, retryAfterSeconds, type Answer } from './http';

/** What a look in a batch found. It decides no removal: that takes looks at one person alone. */
export type BatchLook =
  | { kind: 'photo'; etag: string; width: number; height: number }
  | { kind: 'none'; code: string }
  /** No word about this person: throttled for long, or an answer that can't be read. */
  | { kind: 'unknown' };

export interface PhotoLooks {
  /**
   * Looks at the photos of up to 20 people. Those whose part is throttled are asked for again, alone, when Graph says.
   * @returns a look at each, and how many requests it took.
   * @throws ServiceFailure where Graph as a whole is not well.
   */
  lookAtAll(personIds: readonly string[]): Promise<{ looks: Map<string, BatchLook>; requests: number }>;
}

/** https://learn.microsoft.com/graph/json-batching */
export const peopleABatch = 20;
const maximumBytes = 512 * 1024;

const maximumRounds = 4;
const longestWaitSeconds = 30;

export function createPhotoLooks(
  client: GraphClient,
  sleep: (milliseconds: number) => Promise<unknown>,
): PhotoLooks {
  return {
    async lookAtAll(personIds) {
      const looks = new Map<string, BatchLook>();
      let wanted = personIds;
      for (let requests = 1; ; requests++) {
        const { parts, answer } = await askFor(client, wanted);
        for (const part of parts) looks.set(part.id, toLook(part.status, part.body));
        throwIfMost(
          parts.filter(({ status }) => status === 401 || status === 403),
          answer,
        );

        const later = parts.filter(({ status }) => status === 429 || status >= 500);
        const waits = later.map(({ headers }) => retryAfterSeconds(headers, answer.date) ?? 1);
        const waitSeconds = Math.max(1, ...waits);
        if (requests === maximumRounds || waitSeconds > longestWaitSeconds) throwIfMost(later, answer);
        else if (later.length > 0) {
          await sleep(waitSeconds * 1000);
          wanted = later.map(({ id }) => id);
          continue;
        }
        return { looks, requests };
      }
    },
  };
}

interface Part {
  id: string;
  status: number;
  headers: Headers;
  body: unknown;
}

async function askFor(
  client: GraphClient,
  personIds: readonly string[],
): Promise<{ parts: Part[]; answer: Answer }> {
  const requests = personIds.map((id) => ({ id, method: 'GET', url: `/users/${id}/photo` }));
  const answer = await client.request('POST', '/$batch', { body: { requests }, maximumBytes });
  const parsed = batchAnswer.safeParse(jsonOf(answer));
  if (answer.status !== 200 || !parsed.success) {
    const message = `Graph gave an answer for a batch of photos that the app can't read (${String(answer.status)}).`;
    throw new ServiceFailure('Graph', message, { status: answer.status });
  }
  const asked = new Set(personIds);
  const parts = parsed.data.responses
    .filter(({ id }) => asked.has(id))
    .map(({ id, status, headers, body }) => ({ id, status, headers: new Headers(headers ?? {}), body }));
  return { parts, answer };
}

/** What meets more than half of a whole batch is about Graph or our rights, and about nobody in it. */
function throwIfMost(failed: readonly Part[], answer: Answer): void {
  const [first] = failed;
  if (first && failed.length > peopleABatch / 2) throwIfNotNow(first.status, first.headers, answer);
}

function toLook(status: number, body: unknown): BatchLook {
  if (status === 404 || status === 400) return { kind: 'none', code: errorCode(body) ?? 'unknown' };
  const metadata = photoMetadata.safeParse(body);
  if (status !== 200 || !metadata.success) return { kind: 'unknown' };
  const { '@odata.mediaEtag': etag, width, height } = metadata.data;
  // Graph's placeholder for "no photo" is a GIF of one pixel without an etag.
  if (etag === '' || (width <= 1 && height <= 1)) return { kind: 'none', code: 'placeholder' };
  return { kind: 'photo', etag, width, height };
}

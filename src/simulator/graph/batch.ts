import { z } from 'zod';
import type { Service, ServiceAnswer, ServiceRequest } from '../books';
import type { MovableClock } from '../clock';
import { failsAnswer, faultAnswer } from '../faults/fault-answer';
import type { FaultBoard } from '../faults/fault-board';
import { graphError, graphJson } from './graph-answer';

/** https://learn.microsoft.com/graph/json-batching */
const LARGEST = 20;

const innerSchema = z.object({
  id: z.string().min(1),
  method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
  url: z.string().min(1).max(2_000),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
});

const batchSchema = z.object({ requests: z.array(innerSchema) });

type Inner = z.infer<typeof innerSchema>;

export interface BatchParts {
  faults: FaultBoard;
  clock: MovableClock;
  random?: () => number;
}

const badBatch = (message: string) => graphError(400, 'BadRequest', message);

/** Bytes travel as a base64 string, JSON as it is. */
function innerBody(answer: ServiceAnswer): unknown {
  if (answer.body === undefined || answer.body.length === 0) return null;
  const isJson = /\bjson\b/i.test(answer.headers?.['Content-Type'] ?? '');
  if (!isJson) return Buffer.from(answer.body).toString('base64');
  return JSON.parse(answer.body.toString()) as unknown;
}

async function answerInner(
  parts: BatchParts,
  graph: Service,
  outer: ServiceRequest,
  inner: Inner,
): Promise<ServiceAnswer> {
  const path = `/v1.0${inner.url.startsWith('/') ? '' : '/'}${inner.url}`;
  const nested = path.startsWith('/v1.0/$batch');
  if (nested || !URL.canParse(outer.origin + path)) return badBatch('Invalid request url.');
  const fault = parts.faults.forRequest('graph', `${inner.method} ${path}`);
  await parts.faults.delay(fault);
  if (fault !== undefined && failsAnswer(fault)) {
    if (fault.bodyBytes !== undefined) {
      const bytes = Buffer.alloc(fault.bodyBytes, ' ');
      return {
        status: fault.status ?? 200,
        headers: { 'Content-Type': fault.contentType ?? 'image/jpeg' },
        body: bytes,
      };
    }
    // A connection of its own can't be cut here: a part that fails so comes back as a gateway's failure.
    const cut = fault.kind !== undefined && fault.kind !== 'redirect';
    return faultAnswer('graph', cut ? { ...fault, status: 504 } : fault, parts.clock);
  }
  return graph({
    ...outer,
    method: inner.method,
    url: new URL(outer.origin + path),
    headers: { ...outer.headers, ...inner.headers },
    body: inner.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(inner.body)),
  });
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((entry) => ({ entry, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ entry }) => entry);
}

/** Each part is answered, and throttled, by itself; the answers come in any order. `dependsOn` is not looked at. */
export async function serveBatch(
  parts: BatchParts,
  graph: Service,
  outer: ServiceRequest,
): Promise<ServiceAnswer> {
  let body: unknown;
  try {
    body = JSON.parse(outer.body.toString()) as unknown;
  } catch {
    return badBatch('Invalid batch payload format.');
  }
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) return badBatch('Invalid batch payload format.');
  const { requests } = parsed.data;
  if (requests.length > LARGEST) {
    return badBatch(`Number of batch request steps exceeds the maximum value of ${String(LARGEST)}.`);
  }
  if (new Set(requests.map(({ id }) => id)).size < requests.length)
    return badBatch('Request Id has to be unique in a batch.');
  const answers = await Promise.all(
    requests.map(async (inner) => ({ inner, answer: await answerInner(parts, graph, outer, inner) })),
  );
  const responses = answers.map(({ inner, answer }) => ({
    id: inner.id,
    status: answer.status,
    headers: answer.headers ?? {},
    body: innerBody(answer),
  }));
  return {
    ...graphJson(200, { responses: shuffled(responses, parts.random ?? Math.random) }),
    inner: answers.map(({ inner, answer }) => ({
      method: inner.method,
      path: inner.url,
      status: answer.status,
    })),
  };
}

import type { HttpMethod, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { answerHandshake, refuse, type HttpAnswer } from './handshake';
import type { Kind } from './receive-items';

/** All, because for one that is not registered the host answers 404 by itself, which tells a caller nothing. */
export const everyMethod: HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** What both of Graph's routes do: the handshake first, and then what is posted. */
export async function answerRequest(
  kind: Kind,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  const { status, headers, body } = await answer(kind, request, context);
  return { status, headers, body };
}

async function answer(kind: Kind, request: HttpRequest, context: InvocationContext): Promise<HttpAnswer> {
  const arrivedAtMs = performance.now();
  if (request.method !== 'POST') return refuse(405, 'Only POST is answered here.', { Allow: 'POST' });
  const handshake = answerHandshake(request.url, request.query.get('validationToken'));
  if (handshake) return handshake;

  // Loaded now and not before: Graph waits only 10 s for a handshake, cold start included.
  const { answerNotifications } = await import('./answer-notifications.js');
  return answerNotifications(
    kind,
    {
      header: (name) => request.headers.get(name),
      body: async () => new Uint8Array(await request.arrayBuffer()),
    },
    context,
    { arrivedAtMs, correlationId: context.invocationId },
  );
}

import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import { answerHandshake, refuse, type HttpAnswer } from '../notifications/handshake';

// All methods, because for one that is not registered the host answers 404 by itself, which tells a caller nothing.
app.http('receive-notifications', {
  route: 'notifications',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
  authLevel: 'anonymous',
  handler: async (request, context) => toResponse(await answer(request, context)),
});

async function answer(request: HttpRequest, context: InvocationContext): Promise<HttpAnswer> {
  const arrivedAtMs = performance.now();
  if (request.method !== 'POST') return refuse(405, 'Only POST is answered here.', { Allow: 'POST' });
  const handshake = answerHandshake(request.url, request.query.get('validationToken'));
  if (handshake) return handshake;

  // Loaded now and not before: Graph waits only 10 s for a handshake, cold start included.
  const { answerNotifications } = await import('../notifications/answer-notifications.js');
  return answerNotifications(
    {
      header: (name) => request.headers.get(name),
      body: async () => new Uint8Array(await request.arrayBuffer()),
    },
    context,
    { arrivedAtMs, correlationId: context.invocationId },
  );
}

function toResponse({ status, headers, body }: HttpAnswer): HttpResponseInit {
  return { status, headers, body };
}

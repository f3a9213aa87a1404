import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { BodyTooLarge, readBody } from '../serving/read-body';
import { AppLog } from './app-log';
import { appStateRoutes } from './app-state';
import { ControlProblem } from './control-problem';
import { numberIn, type ControlAnswer } from './control-route';
import { directoryRoutes } from './directory-routes';
import { groupRoutes } from './group-routes';
import { guard } from './guard';
import { historyRoutes } from './history-routes';
import { pageFile } from './page-files';
import { peopleRoutes } from './people-routes';
import { photoRoutes } from './photo-routes';
import { sharePointRoutes } from './sharepoint-routes';
import { streamEvents } from './stream-events';
import { tenantRoutes } from './tenant-routes';
import type { TenantParts } from './tenant-parts';

const BODY_LIMIT = 20 * 1_024 * 1_024;

const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: Buffer | string,
  etag?: string,
): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': contentType,
    'Cache-Control': 'no-cache',
    ...(etag === undefined ? {} : { ETag: etag }),
  });
  response.end(body);
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, 'application/json; charset=utf-8', `${JSON.stringify(value)}\n`);
}

function sendProblem(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof ControlProblem) sendJson(response, error.status, { error: error.message });
  else if (error instanceof BodyTooLarge) sendJson(response, 413, { error: error.message });
  else {
    process.stderr.write(`control: ${String(error instanceof Error ? error.stack : error)}\n`);
    sendJson(response, 500, { error: 'The local tenant failed; its log says more.' });
  }
}

/** The page and the control API. `port`: the one it listens on, once that is known. */
export function controlListener(parts: TenantParts, port: () => number): RequestListener {
  const appLog = new AppLog(parts.events);
  const routes = [
    ...peopleRoutes(parts),
    ...sharePointRoutes(parts),
    ...photoRoutes(parts),
    ...groupRoutes(parts),
    ...directoryRoutes(parts),
    ...tenantRoutes(parts, appLog.connected),
    ...historyRoutes(parts),
    ...appLog.routes(),
    ...appStateRoutes(),
  ];

  async function answerFor(request: IncomingMessage, url: URL): Promise<ControlAnswer> {
    const path = url.pathname.slice('/_sim/'.length);
    const body = await readBody(request, BODY_LIMIT);
    const matching = routes.filter((route) => route.path.test(path));
    const route = matching.find(({ method }) => method === request.method);
    if (matching.length === 0) throw new ControlProblem(404, `There is no /_sim/${path}.`);
    if (route === undefined)
      throw new ControlProblem(405, `/_sim/${path} takes ${matching.map((one) => one.method).join(', ')}.`);
    const params = (route.path.exec(path) ?? []).slice(1);
    return route.run({
      params,
      query: url.searchParams,
      contentType: request.headers['content-type'] ?? '',
      body,
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    guard(request, port());
    const target = `http://localhost${request.url ?? '/'}`;
    if (!URL.canParse(target)) throw new ControlProblem(400, 'This is no address.');
    const url = new URL(target);
    if (!url.pathname.startsWith('/_sim/')) {
      const file = request.method === 'GET' ? await pageFile(url.pathname) : undefined;
      if (file === undefined) throw new ControlProblem(404, 'There is nothing here.');
      send(response, 200, file.contentType, file.bytes);
      return;
    }
    if (url.pathname === '/_sim/events' && request.method === 'GET') {
      const last = Number(request.headers['last-event-id'] ?? 0);
      streamEvents(parts.events, numberIn(url.searchParams, 'since', last), response);
      return;
    }
    const answer = await answerFor(request, url);
    if ('json' in answer) sendJson(response, answer.status ?? 200, answer.json);
    else send(response, 200, answer.contentType, answer.bytes, answer.etag);
  }

  return (request, response) => {
    serve(request, response).catch((error: unknown) => {
      sendProblem(response, error);
    });
  };
}

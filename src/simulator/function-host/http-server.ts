import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAdmin, isAdminPath, type AdminPorts } from './admin-route';
import type { RouteMatch } from './http-routes';
import type { Invoke } from './invoke';
import { readBody } from './read-body';
import { toRpcHttp, writeHttpAnswer } from './rpc-http';

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#limits */
const maxBodyBytes = 100 * 1024 * 1024;

/** The limits of the real host's web server: https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/options */
const maxHeaderBytes = 32 * 1024;
const maxUrlLength = 8 * 1024;
const keepAliveMs = 130_000;

export interface HttpServerPorts extends AdminPorts {
  match: (method: string, path: string) => RouteMatch | undefined;
  invoke: Invoke;
}

export interface HttpServer {
  url: string;
  /** Takes no new request, and resolves when the running ones are answered. */
  stop(): Promise<void>;
}

/** @throws the error of `listen`, with its code: EADDRINUSE when the port is taken. */
export async function startHttpServer(ports: HttpServerPorts, port: number): Promise<HttpServer> {
  const inFlight = new Set<ServerResponse>();
  const server = createServer(
    { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: keepAliveMs },
    (request, response) => {
      inFlight.add(response);
      response.once('close', () => inFlight.delete(response));
      answer(ports, request, response).catch(() => {
        // The function's failure is in the log; the caller learns nothing about it, as from the real host.
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
  );
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeIdleConnections();
        // The others would be kept open for the next request of their callers.
        for (const response of inFlight) response.shouldKeepAlive = false;
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  ports: HttpServerPorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const status = await serve(ports, request, response);
  if (status === undefined) return;
  request.resume();
  response.writeHead(status, { 'content-length': '0' }).end();
}

/** @returns a status for an answer without a body, or undefined where the function's answer is written already. */
async function serve(
  ports: HttpServerPorts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<number | undefined> {
  const target = request.url ?? '/';
  if (target.length > maxUrlLength) return 414;
  const base = `http://${request.headers.host ?? '127.0.0.1'}`;
  if (!URL.canParse(target, base)) return 400;
  const url = new URL(target, base);
  if (isAdminPath(url.pathname)) return answerAdmin(ports, request, url.pathname);

  const found = ports.match(request.method ?? 'GET', url.pathname);
  if (!found) return 404;
  const length = Number(request.headers['content-length'] ?? 0);
  if (length > maxBodyBytes) return 413;

  let body: Buffer | undefined;
  // The host reads a body only where Content-Length says that there is one: without HTTP streaming, what is sent in
  // chunks never reaches the handler.
  if (length > 0) body = await readBody(request);
  else request.resume();
  const result = await ports.invoke(found.target, toRpcHttp(request, url, found.params, body));
  writeHttpAnswer(response, result);
  return undefined;
}

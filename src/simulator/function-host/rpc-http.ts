import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InvocationResponse, RpcTypedData } from './core-contract';

/**
 * A request as the host hands it to the worker. Repeated headers and query parameters arrive as one value, joined by
 * commas: https://github.com/Azure/azure-functions-host, GrpcMessageConversionExtensions.cs
 * @param body undefined where the handler gets none.
 */
export function toRpcHttp(
  request: IncomingMessage,
  url: URL,
  params: Record<string, string>,
  body: Buffer | undefined,
): RpcTypedData {
  const headers: [string, string][] = [];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    headers.push([(request.rawHeaders[index] ?? '').toLowerCase(), request.rawHeaders[index + 1] ?? '']);
  }
  return {
    http: {
      method: request.method ?? 'GET',
      url: url.href,
      nullableHeaders: joined(headers),
      nullableQuery: joinedQuery(url),
      nullableParams: joined(Object.entries(params)),
      body: body ? { bytes: body } : null,
    },
  };
}

function joined(entries: Iterable<[string, string]>): Record<string, { value: string }> {
  const values: Record<string, { value: string }> = {};
  for (const [name, value] of entries) {
    const former = Object.hasOwn(values, name) ? values[name] : undefined;
    values[name] = { value: former ? `${former.value},${value}` : value };
  }
  return values;
}

/** ASP.NET reads query names without regard to case: `a=1&A=2` is one parameter, named as it was first written. */
function joinedQuery(url: URL): Record<string, { value: string }> {
  const spelling = new Map<string, string>();
  const entries = [...url.searchParams].map(([name, value]): [string, string] => {
    const first = spelling.get(name.toLowerCase()) ?? name;
    spelling.set(name.toLowerCase(), first);
    return [first, value];
  });
  return joined(entries);
}

/** Writes what a handler returned. Nothing returned is 204: https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-output */
export function writeHttpAnswer(response: ServerResponse, result: InvocationResponse): void {
  const http = result.returnValue?.http;
  if (!http) {
    response.writeHead(204).end();
    return;
  }
  const status = Number(http.statusCode ?? 200);
  const body = http.body?.bytes ?? Buffer.from(http.body?.string ?? http.body?.json ?? '');
  const mayHaveBody = status !== 204 && status !== 304;
  response.writeHead(status, {
    ...http.headers,
    ...(mayHaveBody && { 'content-length': String(body.byteLength) }),
  });
  response.end(mayHaveBody ? body : undefined);
}

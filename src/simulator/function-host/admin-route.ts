import type { IncomingMessage } from 'node:http';
import type { AppFunction } from './app-functions';
import { readBody } from './read-body';

export interface AdminPorts {
  findFunction(name: string): AppFunction | undefined;
  /** Starts a function by hand. @returns false for a kind of trigger that can't be. */
  startByHand(target: AppFunction, input: string): boolean;
}

const prefix = '/admin/';
const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

export const isAdminPath = (path: string): boolean => path.toLowerCase().startsWith(prefix);

/**
 * `POST /admin/functions/{name}` with `{"input": "…"}` starts a function that HTTP does not trigger, and answers 202
 * before it has run. https://learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http
 *
 * In Azure it takes the master key. Here there is none, so it is kept from web pages instead: no name but this
 * machine's own, no foreign origin, and a content type that a page can't send unasked.
 * @returns the status to answer with.
 */
export async function answerAdmin(
  ports: AdminPorts,
  request: IncomingMessage,
  path: string,
): Promise<number> {
  if (!loopbackHost.test(request.headers.host ?? '')) return 403;
  const { origin } = request.headers;
  if (origin !== undefined && !loopbackHost.test(origin.replace(/^https?:\/\//, ''))) return 403;

  const [, name] = /^\/admin\/functions\/([^/]+)$/i.exec(path) ?? [];
  if (request.method !== 'POST' || name === undefined) return 404;
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return 415;
  const input = readInput(await readBody(request));
  if (input === undefined) return 400;
  const target = ports.findFunction(name);
  if (!target) return 404;
  return ports.startByHand(target, input) ? 202 : 400;
}

function readInput(body: Buffer): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const input: unknown = 'input' in parsed ? parsed.input : '';
    return typeof input === 'string' ? input : JSON.stringify(input);
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import type { ServiceAnswer } from '../books';

const JSON_TYPE =
  'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

export function graphJson(status: number, body: unknown): ServiceAnswer {
  return { status, headers: { 'Content-Type': JSON_TYPE }, body: JSON.stringify(body) };
}

/** https://learn.microsoft.com/graph/errors */
export function graphError(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): ServiceAnswer {
  const requestId = randomUUID();
  const innerError = {
    date: new Date().toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': requestId,
  };
  return {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ error: { code, message, innerError } }),
  };
}

export const requestDenied = () =>
  graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

export const badRequest = (message: string) => graphError(400, 'Request_BadRequest', message);

export const userNotFound = (key: string) =>
  graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const throttledAnswer = (headers: Record<string, string>) =>
  graphError(429, 'TooManyRequests', 'Too many requests. Wait as long as Retry-After says.', headers);

export const methodNotAllowed = (method: string) =>
  graphError(405, 'UnknownError', `The local tenant has no ${method} for this path.`);

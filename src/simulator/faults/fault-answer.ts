import type { ServiceAnswer, ServiceRole } from '../books';
import type { MovableClock } from '../clock';
import type { ServiceFault } from './fault-schema';

/** Whether the fault changes the answer; one that only delays doesn't. */
export function failsAnswer(fault: ServiceFault): boolean {
  return (
    fault.status !== undefined ||
    fault.kind !== undefined ||
    fault.body !== undefined ||
    fault.bodyBytes !== undefined
  );
}

function retryAfter(fault: ServiceFault, clock: MovableClock): Record<string, string> {
  if (fault.retryAfterSeconds === undefined) return {};
  const seconds = fault.retryAfterSeconds;
  const value = fault.retryAfterDate
    ? new Date(clock.now() + seconds * 1_000).toUTCString()
    : String(Math.ceil(seconds));
  return { 'Retry-After': value };
}

function codeFor(status: number): string {
  const codes: Record<number, string> = {
    401: 'InvalidAuthenticationToken',
    403: 'Authorization_RequestDenied',
    404: 'ResourceNotFound',
    429: 'TooManyRequests',
    503: 'serviceNotAvailable',
    504: 'gatewayTimeout',
  };
  return codes[status] ?? 'InternalServerError';
}

/** The shape that the service's own errors have, so that a client's reading of them is exercised. */
function errorBody(service: ServiceRole, status: number): string {
  const code = codeFor(status);
  const message = 'This failure was asked for.';
  if (service === 'graph') return JSON.stringify({ error: { code, message, innerError: {} } });
  if (service === 'identity') return JSON.stringify({ statusCode: status, message });
  return JSON.stringify({
    'odata.error': { code: `-1, ${code}`, message: { lang: 'en-US', value: message } },
  });
}

/** The answer a fault gives in place of the service's own. Reset, hang and truncate are done to the connection. */
export function faultAnswer(service: ServiceRole, fault: ServiceFault, clock: MovableClock): ServiceAnswer {
  const headers = retryAfter(fault, clock);
  if (fault.kind === 'redirect') {
    const status = fault.status ?? 302;
    return { status, headers: { ...headers, Location: fault.to ?? 'https://elsewhere.invalid/' } };
  }
  if (fault.body !== undefined) {
    const contentType = fault.contentType ?? (/^\s*[{[]/.test(fault.body) ? 'application/json' : 'text/html');
    return {
      status: fault.status ?? 200,
      headers: { ...headers, 'Content-Type': contentType },
      body: fault.body,
    };
  }
  const status = fault.status ?? 200;
  if (status < 400) return { status, headers };
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: errorBody(service, status),
  };
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Service, ServiceAnswer, ServiceRequest, ServiceRole } from '../books';
import type { MovableClock } from '../clock';
import { failsAnswer } from '../faults/fault-answer';
import type { FaultBoard } from '../faults/fault-board';
import type { ServiceFault } from '../faults/fault-schema';
import type { RequestLog } from '../request-log';
import type { TokenAuthority } from '../tokens';
import type { Origins } from './origins';
import { BodyTooLarge, readBody } from './read-body';
import { refuseToken } from './token-refusal';
import { writeAnswer, writeFault } from './write-answer';

const BODY_LIMIT = 20 * 1_024 * 1_024;

export interface ListenerParts {
  tenantId: string;
  clock: MovableClock;
  origins: Origins;
  tokens: TokenAuthority;
  faults: FaultBoard;
  requests: RequestLog;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as const);
  return Object.fromEntries(entries.filter(([name]) => name !== 'authorization'));
}

/** Turns HTTP into service requests for one role: faults first, then the token, then the service. */
export function serviceListener(role: ServiceRole, service: Service, parts: ListenerParts): RequestListener {
  const { clock, origins, tokens } = parts;

  async function answer(incoming: IncomingMessage): Promise<ServiceAnswer> {
    const originOf = origins.namingOf(role, incoming.headers.host ?? '');
    const origin = originOf(role);
    let caller: Pick<ServiceRequest, 'roles' | 'signedIn'> = { roles: [] };
    if (role !== 'identity') {
      const check = tokens.check(incoming.headers.authorization, origins.audiencesOf(role));
      if ('refusal' in check) return refuseToken(role, check.refusal, parts.tenantId, clock.iso());
      caller = check;
    }
    const target = incoming.url ?? '/';
    if (!target.startsWith('/') || !URL.canParse(origin + target)) return { status: 400 };
    const request: ServiceRequest = {
      role,
      method: incoming.method ?? 'GET',
      url: new URL(origin + target),
      headers: headersOf(incoming),
      body: await readBody(incoming, BODY_LIMIT),
      ...caller,
      origin,
      originOf,
    };
    return service(request);
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse, fault: ServiceFault | undefined) {
    if (fault?.after !== true) await parts.faults.delay(fault);
    const fails = fault !== undefined && failsAnswer(fault);
    const asksService = !fails || fault.after === true || fault.kind === 'truncate';
    // The body is read to its end in any case, or the client would see a cut connection in place of the status.
    const own = asksService ? await answer(incoming) : await drained(incoming);
    if (fault?.after === true) await parts.faults.delay(fault);
    return fails ? writeFault(role, fault, own, response, clock) : writeAnswer(own, response, clock);
  }

  return (incoming, response) => {
    const startedAt = performance.now();
    const method = incoming.method ?? 'GET';
    const path = incoming.url ?? '/';
    const fault = parts.faults.forRequest(role, `${method} ${path}`);
    response.setHeader('request-id', randomUUID());
    serve(incoming, response, fault)
      .catch((error: unknown) => {
        if (error instanceof BodyTooLarge) return writeAnswer({ status: 413 }, response, clock);
        if (incoming.destroyed && !incoming.complete) return { status: 0 };
        process.stderr.write(
          `${role}: ${method} ${path}: ${String(error instanceof Error ? error.stack : error)}\n`,
        );
        return writeAnswer({ status: 500 }, response, clock);
      })
      .then(({ status, inner }: { status: number; inner?: ServiceAnswer['inner'] }) => {
        parts.requests.add({
          service: role,
          method,
          path,
          status,
          durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
          userAgent: incoming.headers['user-agent'] ?? '',
          ...(inner === undefined ? {} : { inner }),
        });
      })
      .catch(() => response.destroy());
  };
}

async function drained(incoming: IncomingMessage): Promise<ServiceAnswer> {
  await finished(incoming.resume(), { writable: false });
  return { status: 200 };
}

import type { IncomingMessage } from 'node:http';
import { ControlProblem } from './control-problem';

const READS = ['GET', 'HEAD'];

/**
 * Keeps other web pages out: the Host header must be this machine's (a name rebound to 127.0.0.1 has another), the
 * Origin its own or none, and a write needs a header that no form or image can send.
 */
export function guard(request: IncomingMessage, port: number): void {
  const own = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${String(port)}`);
  const { host, origin } = request.headers;
  if (host === undefined || !own.includes(host.toLowerCase())) {
    throw new ControlProblem(403, 'The local tenant answers on localhost only.');
  }
  if (origin !== undefined && !own.some((name) => origin.toLowerCase() === `http://${name}`)) {
    throw new ControlProblem(403, 'Requests from other origins are refused.');
  }
  if (!READS.includes(request.method ?? '') && request.headers['x-sim'] !== '1') {
    throw new ControlProblem(403, 'A write needs the header "x-sim: 1".');
  }
}

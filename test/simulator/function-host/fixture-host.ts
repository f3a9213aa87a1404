import { join } from 'node:path';
import { startHostProcess, type HostHandle } from '../../../src/simulator/launching/host-process';
import { findFreePort } from '../../../src/simulator/launching/free-port';

/** Starts a host for one of the apps in `fixtures`. */
export async function startFixtureHost(
  app: string,
  settings: Record<string, string> = {},
  port?: number,
): Promise<HostHandle> {
  return startHostProcess({
    port: port ?? (await findFreePort()),
    folder: join(__dirname, 'fixtures', app),
    environment: { ...process.env, TIMER_SCHEDULE: '0 0 0 1 1 *', QUEUE_PREFIX: 'unused', ...settings },
  });
}

/**
 * What a handler of the fixture has said: one JSON object a line.
 * @param since how many of the host's lines to pass over.
 */
export function saidBy(host: HostHandle, functionName: string, since = 0): Record<string, unknown>[] {
  return host.logs
    .slice(since)
    .filter((line) => line.function === functionName && line.message.startsWith('{'))
    .map((line) => JSON.parse(line.message) as Record<string, unknown>);
}

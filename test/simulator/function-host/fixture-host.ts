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

/** What the fixture's handlers have said so far: each says one JSON object a line. */
export function saidBy(host: HostHandle, functionName: string): Record<string, unknown>[] {
  return host.logs
    .filter((line) => line.function === functionName && line.message.startsWith('{'))
    .map((line) => JSON.parse(line.message) as Record<string, unknown>);
}

/** Waits until `read` gives something other than undefined or false. */
export async function eventually<T>(
  read: () => T | undefined | false | Promise<T | undefined | false>,
  withinMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`It did not come to pass in time: ${read.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

import { resolve } from 'node:path';
import { startFunctionHost, type FunctionHost } from './function-host';
import { captureConsole, createHostLog } from './host-log';
import { AppNotLoadable } from './load-app';

/**
 * The process of the local function host: `node main.js [folder of the app]`. Settings come from the environment.
 * Prints one JSON line when it serves, then one per log record.
 */

/** How long running invocations may take to end after SIGTERM. Their messages come again if they don't. */
const drainMs = 10_000;

const write = (line: string) => process.stdout.write(line);
const log = createHostLog(write);
let host: FunctionHost | undefined;

async function start(): Promise<void> {
  const port = Number(process.env['FUNCTIONS_PORT'] || 7071);
  const folder = resolve(process.argv[2] ?? '.');
  try {
    host = await startFunctionHost({ folder, port, environment: process.env, log });
    write(
      `${JSON.stringify({ ready: 'function-host', url: host.url, functions: host.functions, disabled: host.disabled })}\n`,
    );
  } catch (error) {
    process.stderr.write(`${explain(error, port)}\n`);
    process.exit(1);
  }
}

function explain(error: unknown, port: number): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `Port ${String(port)} is in use. Set FUNCTIONS_PORT to another one for the local function host.`;
  }
  if (error instanceof AppNotLoadable) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function stop(): Promise<void> {
  setTimeout(() => {
    log('warning', 'Invocations were still running when the host stopped; their messages come again.');
    process.exit(0);
  }, drainMs).unref();
  await host?.stop();
  process.exit(0);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    stop().catch((error: unknown) => {
      log('error', `The host did not stop cleanly: ${String(error)}`);
      process.exit(1);
    });
  });
}
process.on('unhandledRejection', (reason) => {
  log(
    'error',
    `Unhandled rejection: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}`,
  );
});

captureConsole(log);
void start();

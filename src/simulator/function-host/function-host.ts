import { readAppFunctions, type AppFunction } from './app-functions';
import type { HostLog } from './host-log';
import { readHostSettings } from './host-settings';
import { startHttpServer } from './http-server';
import { createInvoke, type Invoke } from './invoke';
import { loadApp } from './load-app';
import { runQueueFunctionByHand } from './queue-triggers';
import { startTriggers } from './start-triggers';
import { runTimerFunction } from './timer-triggers';

export interface FunctionHostOptions {
  /** Absolute path of the app: where package.json and host.json lie. */
  folder: string;
  /** 0 for any free one. */
  port: number;
  /** The app settings. */
  environment: Record<string, string | undefined>;
  log: HostLog;
}

export interface FunctionHost {
  url: string;
  /** Names of the functions that run. */
  functions: string[];
  /** Names of those that `AzureWebJobs.<name>.Disabled` switches off. */
  disabled: string[];
  /** Takes no more work, and resolves when the work in hand is done. */
  stop(): Promise<void>;
}

/**
 * Loads the app and serves its triggers. One app a process: an app's modules can be loaded but once.
 * @throws AppNotLoadable, or the error of `listen` when the port is taken.
 */
export async function startFunctionHost(options: FunctionHostOptions): Promise<FunctionHost> {
  const { folder, environment, log } = options;
  const settings = await readHostSettings(folder, environment);
  const registry = await loadApp(folder, log);
  const app = readAppFunctions(registry, environment);

  const running = new Set<Promise<unknown>>();
  const invokeUntracked = createInvoke(registry, log);
  const invoke: Invoke = (...args) => {
    const invocation = invokeUntracked(...args);
    const ended = invocation.catch(() => undefined).finally(() => running.delete(ended));
    running.add(ended);
    return invocation;
  };

  const triggers = await startTriggers(app, settings, environment, invoke, log);
  const runByHand = (target: AppFunction, input: string): Promise<void> | undefined => {
    switch (target.trigger.kind) {
      case 'http':
        return undefined;
      case 'timer':
        return runTimerFunction(invoke, target);
      case 'queue':
        return runQueueFunctionByHand(invoke, target, input);
    }
  };
  const ports = {
    match: triggers.match,
    invoke,
    findFunction: (name: string) =>
      triggers.serving.find((target) => target.name.toLowerCase() === name.toLowerCase()),
    startByHand: (target: AppFunction, input: string) => {
      const run = runByHand(target, input);
      run?.catch(() => undefined); // It is in the log.
      return run !== undefined;
    },
  };
  const server = await startHttpServer(ports, options.port).catch(async (error: unknown) => {
    await triggers.stop();
    throw error;
  });

  return {
    url: server.url,
    functions: triggers.serving.map(({ name }) => name),
    disabled: app.disabled,
    stop: async () => {
      await Promise.all([triggers.stop(), server.stop()]);
      await Promise.all(running);
      for (const hook of registry.hooks.appTerminate) await hook({ hookData: {}, appHookData: {} });
    },
  };
}

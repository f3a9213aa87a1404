import type { AppFunction, AppFunctions } from './app-functions';
import type { HostLog } from './host-log';
import type { HostSettings } from './host-settings';
import { createRoutes, type RouteMatch } from './http-routes';
import type { Invoke } from './invoke';
import { startQueueTrigger } from './queue-triggers';
import { openQueueService } from './storage-connection';
import { startTimerTrigger } from './timer-triggers';

type Stop = () => void | Promise<void>;

export interface Triggers {
  /** The functions that could be started. */
  serving: AppFunction[];
  match: (method: string, path: string) => RouteMatch | undefined;
  /** Takes no more work, and resolves when the messages in hand have come to their end. */
  stop(): Promise<void>;
}

/** Starts each function's trigger. One that can't be started is reported, and the others run: so does the real host. */
export async function startTriggers(
  { functions, failed }: AppFunctions,
  settings: HostSettings,
  environment: Record<string, string | undefined>,
  invoke: Invoke,
  log: HostLog,
): Promise<Triggers> {
  const report = (name: string, reason: string) => {
    log('error', `The 'Functions.${name}' function is in error: ${reason}`, { function: name });
  };
  for (const { name, reason } of failed) report(name, reason);

  const services = new Map<string, ReturnType<typeof openQueueService>>();
  const openService = (connection: string) => {
    const service = services.get(connection) ?? openQueueService(connection, environment);
    services.set(connection, service);
    return service;
  };
  const start = async (target: AppFunction): Promise<Stop | undefined> => {
    switch (target.trigger.kind) {
      case 'http':
        createRoutes([target], settings.routePrefix);
        return undefined;
      case 'timer':
        return startTimerTrigger(invoke, target).stop;
      case 'queue':
        return (await startQueueTrigger({ openService, settings: settings.queues, invoke, log }, target))
          .stop;
    }
  };

  const serving: AppFunction[] = [];
  const stops: Stop[] = [];
  for (const target of functions) {
    try {
      const stop = await start(target);
      if (stop) stops.push(stop);
      serving.push(target);
    } catch (error) {
      report(target.name, (error as Error).message);
    }
  }
  return {
    serving,
    match: createRoutes(serving, settings.routePrefix),
    stop: async () => {
      await Promise.all(stops.map(async (stop) => stop()));
    },
  };
}

import type { QueueServiceClient } from '@azure/storage-queue';
import type { AppFunction } from './app-functions';
import type { HostLog } from './host-log';
import type { QueueSettings } from './host-settings';
import type { Invoke } from './invoke';
import { startQueueListener, type QueueListener } from './queue-listener';
import { toTriggerMetadata } from './queue-message';

const poisonSuffix = '-poison';

export interface QueueTriggerPorts {
  openService(connection: string): Promise<QueueServiceClient>;
  settings: QueueSettings;
  invoke: Invoke;
  log: HostLog;
}

/** Starts the listener of one queue function. @throws Error for a connection that is not set. */
export async function startQueueTrigger(
  ports: QueueTriggerPorts,
  target: AppFunction,
): Promise<QueueListener> {
  if (target.trigger.kind !== 'queue') throw new Error(`${target.name} has no queue trigger.`);
  const { queueName, connection } = target.trigger;
  const service = await ports.openService(connection);
  return startQueueListener({
    functionName: target.name,
    queue: service.getQueueClient(queueName),
    poison: queueName.endsWith(poisonSuffix) ? undefined : service.getQueueClient(queueName + poisonSuffix),
    settings: ports.settings,
    log: ports.log,
    run: async (text, message) => {
      await ports.invoke(target, { string: text }, toTriggerMetadata(text, message));
    },
  });
}

/** By the admin route: no message lies behind it, so there is nothing to count, renew or delete. */
export async function runQueueFunctionByHand(
  invoke: Invoke,
  target: AppFunction,
  input: string,
): Promise<void> {
  await invoke(target, { string: input }, toTriggerMetadata(input));
}

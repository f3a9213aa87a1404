import { app, type InvocationContext } from '@azure/functions';
import { connectionName, queueNames, type PhotoQueueName } from '../storage/names';

// Two functions for one handler: queues know no priority, but each function has a listener and a scale group of its own,
// so that a live event never waits behind a backlog.
app.storageQueue('apply-photo', {
  queueName: queueNames.photoChanged,
  connection: connectionName,
  handler: (message, context) => apply(queueNames.photoChanged, message, context),
});

app.storageQueue('apply-backlog', {
  queueName: queueNames.photoChangedBacklog,
  connection: connectionName,
  handler: (message, context) => apply(queueNames.photoChangedBacklog, message, context),
});

async function apply(queue: PhotoQueueName, message: unknown, context: InvocationContext): Promise<void> {
  const { handleEvent } = await import('../photos/handle-event.js');
  const { dequeueCount, insertionTime } = context.triggerMetadata ?? {};
  await handleEvent(message, { queue, dequeueCount, insertionTime }, context);
}

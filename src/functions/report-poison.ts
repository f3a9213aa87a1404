import { app, type InvocationContext } from '@azure/functions';
import { connectionName, poisonQueueOf, queueNames } from '../storage/names';

app.storageQueue('report-poison', {
  queueName: poisonQueueOf(queueNames.photoChanged),
  connection: connectionName,
  handler: (message, context) => report(poisonQueueOf(queueNames.photoChanged), message, context),
});

app.storageQueue('report-poison-backlog', {
  queueName: poisonQueueOf(queueNames.photoChangedBacklog),
  connection: connectionName,
  handler: (message, context) => report(poisonQueueOf(queueNames.photoChangedBacklog), message, context),
});

async function report(queue: string, message: unknown, context: InvocationContext): Promise<void> {
  const { reportPoison } = await import('../photos/report-poison.js');
  const { insertionTime } = context.triggerMetadata ?? {};
  await reportPoison({ queue, message, insertionTime }, context);
}

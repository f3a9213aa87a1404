import { app } from '@azure/functions';
import { connectionName, poisonQueueOf, queueNames } from '../storage/names';

app.storageQueue('handle-lifecycle', {
  queueName: queueNames.subscriptionEvent,
  connection: connectionName,
  handler: async (message, context) => {
    const { handleSubscriptionEvent } = await import('../subscription/handle-subscription-event.js');
    const { dequeueCount, insertionTime } = context.triggerMetadata ?? {};
    await handleSubscriptionEvent(message, { dequeueCount, insertionTime }, context);
  },
});

app.storageQueue('report-poison-subscription', {
  queueName: poisonQueueOf(queueNames.subscriptionEvent),
  connection: connectionName,
  handler: async (message, context) => {
    const { reportSubscriptionPoison } = await import('../subscription/report-subscription-poison.js');
    await reportSubscriptionPoison(message, context);
  },
});

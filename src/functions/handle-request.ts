import { app } from '@azure/functions';
import { connectionName, poisonQueueOf, queueNames } from '../storage/names';

app.storageQueue('handle-request', {
  queueName: queueNames.adminRequest,
  connection: connectionName,
  handler: async (message, context) => {
    const { handleAdminRequest } = await import('../doctor/handle-admin-request.js');
    await handleAdminRequest(message, context);
  },
});

app.storageQueue('report-poison-request', {
  queueName: poisonQueueOf(queueNames.adminRequest),
  connection: connectionName,
  handler: async (message, context) => {
    const { reportPoisonRequest } = await import('../doctor/handle-admin-request.js');
    await reportPoisonRequest(message, context);
  },
});

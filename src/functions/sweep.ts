import { app } from '@azure/functions';
import { scheduleOf } from '../schedules';
import { connectionName, poisonQueueOf, queueNames } from '../storage/names';

app.timer('sweep', {
  schedule: scheduleOf('SWEEP_SCHEDULE', process.env),
  handler: async (_timer, context) => {
    const { handleSweepTimer } = await import('../sweep/handle-sweep.js');
    await handleSweepTimer(context);
  },
});

app.storageQueue('sweep-page', {
  queueName: queueNames.sweepPage,
  connection: connectionName,
  handler: async (message, context) => {
    const { handleSweepPage } = await import('../sweep/handle-sweep.js');
    await handleSweepPage(message, context);
  },
});

app.storageQueue('report-poison-sweep', {
  queueName: poisonQueueOf(queueNames.sweepPage),
  connection: connectionName,
  handler: async (message, context) => {
    const { reportPoisonPage } = await import('../sweep/handle-sweep.js');
    await reportPoisonPage(message, context);
  },
});

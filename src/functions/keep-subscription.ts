import { app } from '@azure/functions';
import { scheduleOf } from '../schedules';

app.timer('keep-subscription', {
  schedule: scheduleOf('SUBSCRIPTION_SCHEDULE', process.env),
  handler: async (_timer, context) => {
    const { handleMode } = await import('../writing/handle-mode.js');
    await handleMode(context);
    const { handleKeepSubscription } = await import('../subscription/handle-keep-subscription.js');
    await handleKeepSubscription(context);
    const { handleHeartbeat } = await import('../heartbeat/handle-heartbeat.js');
    await handleHeartbeat(context);
  },
});

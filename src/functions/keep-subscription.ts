import { app } from '@azure/functions';
import { subscriptionSchedule } from '../subscription/schedule';

app.timer('keep-subscription', {
  schedule: subscriptionSchedule(process.env),
  handler: async (_timer, context) => {
    const { handleKeepSubscription } = await import('../subscription/handle-keep-subscription.js');
    await handleKeepSubscription(context);
  },
});

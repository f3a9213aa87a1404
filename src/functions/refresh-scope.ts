import { app } from '@azure/functions';
import { scheduleOf } from '../schedules';

app.timer('refresh-scope', {
  schedule: scheduleOf('SCOPE_SCHEDULE', process.env),
  handler: async (_timer, context) => {
    const { handleRefreshScope } = await import('../scope/handle-refresh-scope.js');
    await handleRefreshScope(context);
  },
});

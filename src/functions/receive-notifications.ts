import { app } from '@azure/functions';
import { answerRequest, everyMethod } from '../notifications/answer-request';

app.http('receive-notifications', {
  route: 'notifications',
  methods: everyMethod,
  authLevel: 'anonymous',
  handler: (request, context) => answerRequest('notifications', request, context),
});

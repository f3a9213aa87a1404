import { app } from '@azure/functions';
import { answerRequest, everyMethod } from '../notifications/answer-request';

app.http('receive-lifecycle', {
  route: 'lifecycle',
  methods: everyMethod,
  authLevel: 'anonymous',
  handler: (request, context) => answerRequest('lifecycle-events', request, context),
});

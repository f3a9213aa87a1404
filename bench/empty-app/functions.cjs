const { app } = require('@azure/functions');

/** What the host itself costs: it answers as the app does and does nothing. */
app.http('empty', {
  route: 'empty',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: () => ({ status: 202 }),
});

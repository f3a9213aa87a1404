import { app } from '@azure/functions';
import { scrubbedError } from '../scrub';

// The host logs the message and the stack of whatever a function throws. One hook for all functions, so that none can
// be without it; an HTTP function's caller gets the host's plain 500.
app.hook.postInvocation((context) => {
  if (context.error) context.error = scrubbedError(context.error);
});

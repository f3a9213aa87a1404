import { randomUUID } from 'node:crypto';
import type { AppFunction } from './app-functions';
import type { CoreInvocationContext, InvocationResponse, RpcTypedData } from './core-contract';
import { isWorthShowing, type AppRegistry } from './core-module';
import type { HostLog } from './host-log';

/** Runs one function to its end. @throws whatever the function threw; it is in the log by then. */
export type Invoke = (
  target: AppFunction,
  input: RpcTypedData,
  triggerMetadata?: Record<string, RpcTypedData>,
) => Promise<InvocationResponse>;

/** The order of an invocation is the worker's: arguments, hooks, function, hooks, response. */
export function createInvoke(registry: AppRegistry, log: HostLog): Invoke {
  const model = registry.programmingModel;
  if (!model) throw new Error('The app registered functions without a programming model.');
  const appHookData = {};

  return async (target, input, triggerMetadata = {}) => {
    const invocationId = randomUUID();
    const about = { function: target.name, invocationId };
    const started = performance.now();
    const core: CoreInvocationContext = {
      invocationId,
      metadata: target.metadata,
      state: undefined,
      request: {
        invocationId,
        functionId: target.metadata.functionId ?? target.name,
        inputData: [{ name: target.triggerBinding, data: input }],
        triggerMetadata,
        // Empty without Application Insights in the real host, too.
        traceContext: { traceParent: '', traceState: '', attributes: {} },
      },
      log: (level, category, message) => {
        if (isWorthShowing(level, category)) log(level, message, about);
      },
    };

    try {
      const invocation = await model.getInvocationModel(core);
      const { context, inputs } = await invocation.getArguments();
      const hookData = {};

      const before = {
        hookData,
        appHookData,
        invocationContext: context,
        inputs,
        functionCallback: target.callback,
      };
      core.state = 'preInvocationHooks';
      for (const hook of registry.hooks.preInvocation) await hook(before);

      const after = {
        hookData,
        appHookData,
        invocationContext: context,
        inputs: before.inputs,
        result: null as unknown,
        error: null as unknown,
      };
      core.state = 'invocation';
      try {
        after.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
      } catch (error) {
        after.error = error;
      }
      core.state = 'postInvocationHooks';
      for (const hook of registry.hooks.postInvocation) await hook(after);
      core.state = undefined;

      if (after.error !== null && after.error !== undefined) throw after.error as Error;
      return await invocation.getResponse(context, after.result);
    } catch (error) {
      const duration = Math.round(performance.now() - started);
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log('error', `Executed 'Functions.${target.name}' (Failed, Duration=${duration}ms): ${what}`, about);
      throw error;
    }
  };
}

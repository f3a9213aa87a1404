import type { BindingInfo } from './core-contract';
import type { AppRegistry, RegisteredFunction } from './core-module';

export type Trigger =
  | { kind: 'http'; methods: readonly string[]; route: string }
  | { kind: 'queue'; queueName: string; connection: string }
  | { kind: 'timer'; schedule: string; runOnStartup: boolean };

export interface AppFunction extends RegisteredFunction {
  name: string;
  /** The name under which the library expects the trigger's value. */
  triggerBinding: string;
  trigger: Trigger;
}

export interface AppFunctions {
  /** By name, the order in which the real host tries their routes. */
  functions: AppFunction[];
  disabled: string[];
  /** Why a function can't be started. The real host, too, reports it and runs the others. */
  failed: { name: string; reason: string }[];
}

/** Sorts out what the app registered: what to run, what is switched off, what can't run. */
export function readAppFunctions(
  registry: AppRegistry,
  environment: Record<string, string | undefined>,
): AppFunctions {
  const found: AppFunctions = { functions: [], disabled: [], failed: [] };
  const registered = [...registry.functions.values()].sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  );
  for (const entry of registered) {
    const { name } = entry.metadata;
    if (isDisabled(name, environment)) {
      found.disabled.push(name);
      continue;
    }
    try {
      found.functions.push({ ...entry, name, ...readTrigger(entry, environment) });
    } catch (error) {
      found.failed.push({ name, reason: (error as Error).message });
    }
  }
  return found;
}

/** https://learn.microsoft.com/azure/azure-functions/disable-function; the second form is for Linux, where a name has no dots. */
function isDisabled(name: string, environment: Record<string, string | undefined>): boolean {
  const value = environment[`AzureWebJobs.${name}.Disabled`] ?? environment[`AzureWebJobs_${name}_Disabled`];
  return value === '1' || value?.toLowerCase() === 'true';
}

function readTrigger(
  { metadata }: RegisteredFunction,
  environment: Record<string, string | undefined>,
): { triggerBinding: string; trigger: Trigger } {
  const bindings = Object.entries(metadata.bindings);
  const [triggerBinding, binding] = bindings.find(([, { type }]) => /trigger$/i.test(type)) ?? [];
  if (!triggerBinding || !binding) throw new Error('It has no trigger.');
  const unserved = bindings.find(([name, { type }]) => name !== triggerBinding && type !== 'http');
  if (unserved) throw new Error(`Its binding of type "${unserved[1].type}" is not served by this host.`);
  const text = (option: string) => resolveSettings(textOf(binding, option) ?? '', environment);

  switch (binding.type) {
    case 'httpTrigger':
      return {
        triggerBinding,
        trigger: {
          kind: 'http',
          methods: (binding['methods'] as string[]).map((method) => method.toUpperCase()),
          route: text('route') || metadata.name,
        },
      };
    case 'queueTrigger':
      return {
        triggerBinding,
        trigger: {
          kind: 'queue',
          queueName: text('queueName'),
          connection: textOf(binding, 'connection') || 'AzureWebJobsStorage',
        },
      };
    case 'timerTrigger':
      return {
        triggerBinding,
        trigger: {
          kind: 'timer',
          schedule: text('schedule'),
          runOnStartup: binding['runOnStartup'] === true,
        },
      };
    default:
      throw new Error(`Its trigger of type "${binding.type}" is not served by this host.`);
  }
}

function textOf(binding: BindingInfo, option: string): string | undefined {
  const value = binding[option];
  return typeof value === 'string' ? value : undefined;
}

/** https://learn.microsoft.com/azure/azure-functions/functions-bindings-expressions-patterns#binding-expressions---app-settings */
function resolveSettings(text: string, environment: Record<string, string | undefined>): string {
  return text.replace(/%([^%]+)%/g, (_whole, name: string) => {
    const value = environment[name];
    if (value === undefined)
      throw new Error(`'%${name}%' does not resolve to a value: set the app setting ${name}.`);
    return value;
  });
}

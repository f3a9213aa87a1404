import Module from 'node:module';
import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  HookName,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './core-contract';
import type { HostLog } from './host-log';

export interface RegisteredFunction {
  metadata: FunctionMetadata;
  callback: FunctionCallback;
}

/** What the app told its host while it loaded. */
export interface AppRegistry {
  functions: Map<string, RegisteredFunction>;
  hooks: Record<HookName, HookCallback[]>;
  programmingModel: ProgrammingModel | undefined;
  /** True once start-up is over: nothing can be registered any more. */
  locked: boolean;
}

export function createAppRegistry(): AppRegistry {
  return {
    functions: new Map(),
    hooks: { appStart: [], appTerminate: [], preInvocation: [], postInvocation: [] },
    programmingModel: undefined,
    locked: false,
  };
}

class Disposable {
  constructor(private callOnDispose: (() => unknown) | undefined) {}

  dispose(): void {
    this.callOnDispose?.();
    this.callOnDispose = undefined;
  }

  static from(...disposables: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose();
    });
  }
}

/** The module that an app's `@azure/functions` finds as `@azure/functions-core`. */
export function createCoreModule(registry: AppRegistry, log: HostLog): object {
  return {
    version: 'local',
    hostVersion: 'local',
    Disposable,
    log: (level: LogLevel, category: LogCategory, message: string) => {
      if (isWorthShowing(level, category)) log(level, message);
    },
    setProgrammingModel: (model: ProgrammingModel) => {
      registry.programmingModel = model;
    },
    getProgrammingModel: () => registry.programmingModel,
    registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => {
      const id = metadata.functionId ?? metadata.name;
      if (registry.locked) throw new Error('A function can only be registered during app startup.');
      if (registry.functions.has(id)) {
        throw new Error(`A function with id "${id}" has already been registered.`);
      }
      registry.functions.set(id, { metadata, callback });
      return new Disposable(() => registry.functions.delete(id));
    },
    registerHook: (name: string, callback: HookCallback) => {
      if (!(name in registry.hooks)) {
        throw new RangeError(`The local function host does not serve the hook "${name}".`);
      }
      const hooks = registry.hooks[name as HookName];
      hooks.push(callback);
      return new Disposable(() => hooks.splice(hooks.indexOf(callback), 1));
    },
  };
}

/** The library's own talk ("capability set to …") helps nobody here, unless it is a warning. */
export function isWorthShowing(level: LogLevel, category: LogCategory): boolean {
  return category === 'user' || level === 'warning' || level === 'error' || level === 'critical';
}

/**
 * Serves `core` to whoever requires it, from now on: no npm package of that name exists, and the worker hooks the
 * loading of modules in the same way. Must be in place before the app is loaded.
 */
export function serveCoreModule(core: object): void {
  const prototype = Module.prototype as unknown as { require: (id: string) => unknown };
  const original = prototype.require;
  prototype.require = function (this: unknown, id: string) {
    return id === '@azure/functions-core' ? core : original.call(this, id);
  };
}

import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Wipe what earlier runs have kept. */
  reset: boolean;
}

export const startHelp = `Starts the whole product on this machine: Azurite, a simulated Microsoft 365 tenant and the app in a function host.

  npm start                 keeps what happened between runs, in SIM_DATA_DIR (.local)
  npm start -- --reset      begins anew

Settings come from the environment: the ports and SIM_* settings of the simulator, and any app setting of
local.settings.sample.json that does not say where something is, like SYNC_MODE=report npm start`;

/** @returns undefined when help was asked for. @throws Error for an option that does not exist. */
export function readStartOptions(args: readonly string[]): StartOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: { reset: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
  });
  return values.help ? undefined : { reset: values.reset };
}

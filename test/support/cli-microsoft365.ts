import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './find-program';

/** How the CLI is started: an executable, and what comes before the command. */
export type CliProgram = readonly [file: string, ...args: string[]];

/**
 * CLI for Microsoft 365, which is no dependency of this project: `M365_CLI` names its `m365` or its `dist/index.js`;
 * without it, `m365` on the PATH is taken. https://pnp.github.io/cli-microsoft365/
 */
export function findCli(environment: NodeJS.ProcessEnv = process.env): CliProgram | undefined {
  const found = environment['M365_CLI'] || findProgram('m365', environment);
  if (!found) return undefined;
  return found.endsWith('.js') ? [process.execPath, found] : [found];
}

/**
 * Makes a home of its own for the CLI, so that it finds no one's sign-in and leaves none, and returns its environment.
 * Telemetry is off from the start: the command that turns it off would first report that it was called.
 */
export async function prepareCliHome(home: string): Promise<NodeJS.ProcessEnv> {
  const configFolder = join(home, '.config');
  await mkdir(join(configFolder, 'configstore'), { recursive: true });
  const file = join(configFolder, 'configstore', 'cli-m365-config.json');
  await writeFile(file, JSON.stringify({ disableTelemetry: true }));
  return { PATH: process.env['PATH'], HOME: home, XDG_CONFIG_HOME: configFolder };
}

export interface CliRun {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs commands in this environment and no other. */
export function createCli([file, ...firstArgs]: CliProgram, environment: NodeJS.ProcessEnv) {
  const attempt = (...args: string[]): Promise<CliRun> =>
    new Promise((resolve, reject) => {
      execFile(
        file,
        [...firstArgs, ...args],
        { env: environment, timeout: 60_000 },
        (error, stdout, stderr) => {
          const code = error?.code ?? 0;
          if (typeof code === 'number' && !error?.signal) resolve({ code, stdout, stderr });
          else reject(new Error(`${file} could not be run to its end.`, { cause: error }));
        },
      );
    });

  return {
    attempt,
    /** What the command answers. @throws Error with what it said, when it fails. */
    async run(...args: string[]): Promise<string> {
      const { code, stdout, stderr } = await attempt(...args);
      if (code === 0) return stdout;
      throw new Error(`m365 ${args.slice(0, 3).join(' ')} ended with ${code}: ${stderr}${stdout}`);
    },
  };
}

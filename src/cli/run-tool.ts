import { execFile } from 'node:child_process';

export interface ToolRun {
  /** Undefined where the tool is not installed. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/**
 * On Windows `az` is a script, which only a shell starts: so no argument may hold anything that a shell reads. There they
 * stand in quotes: a resource group may have parentheses, and one would end the block in which the script hands it on.
 */
const harmless = /^[\w.:/=@()-]+$/;
const isWindows = process.platform === 'win32';

/** Runs `az` or `azd` as whoever is signed in to it. */
export function runTool(tool: 'az' | 'azd', args: readonly string[]): Promise<ToolRun> {
  const wrong = args.find((arg) => !harmless.test(arg));
  if (wrong !== undefined) throw new Error(`${tool} is not called with a word like "${wrong}".`);
  return new Promise((resolve) => {
    const words = isWindows ? args.map((arg) => `"${arg}"`) : args;
    execFile(tool, words, { shell: isWindows }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
      resolve({ code, stdout, stderr });
    });
  });
}

/** The same for somebody to run in a shell of any kind. */
export function asCommand(tool: 'az' | 'azd', args: readonly string[]): string {
  return [tool, ...args.map((arg) => (/[()]/.test(arg) ? `"${arg}"` : arg))].join(' ');
}

import { execFile } from 'node:child_process';

export interface ToolRun {
  /** Undefined where the tool is not installed. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/** On Windows `az` is a script, which only a shell starts: so no argument may hold anything that a shell reads. */
const harmless = /^[\w.:/=@-]+$/;

/** Runs `az` or `azd` as whoever is signed in to it. */
export function runTool(tool: 'az' | 'azd', args: readonly string[]): Promise<ToolRun> {
  const wrong = args.find((arg) => !harmless.test(arg));
  if (wrong !== undefined) throw new Error(`${tool} is not called with a word like "${wrong}".`);
  return new Promise((resolve) => {
    execFile(tool, args, { shell: process.platform === 'win32' }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
      resolve({ code, stdout, stderr });
    });
  });
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../src/simulator/launching/project-root';

export interface Told {
  code: number;
  stdout: string;
  stderr: string;
}

/** The admin's tool in a process of its own, with nothing in its environment but what is given and the PATH. */
export function photosync(
  args: readonly string[],
  environment: Record<string, string | undefined>,
): Promise<Told> {
  const script = join(projectRoot, 'dist/cli/photosync.js');
  const env = { PATH: process.env.PATH, ...environment };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, ...args],
      { env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
  });
}

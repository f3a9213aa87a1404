import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first executable file of that name in these folders, and then on the PATH. */
export function findProgram(
  name: string,
  environment: NodeJS.ProcessEnv,
  folders: readonly string[] = [],
): string | undefined {
  const onPath = (environment['PATH'] ?? '').split(delimiter);
  return [...folders, ...onPath].map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

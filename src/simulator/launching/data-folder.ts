import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Marks a folder as ours, so that a reset never wipes one that a slip of the pen named. */
const marker = '.photo-sync-local-tenant';

/**
 * Makes the folder ready; with `reset`, empties it first. A folder that held something before is used, but it does not
 * become ours: what else is in it is never wiped.
 * @throws Error rather than wipe a folder that holds something and that no run has made.
 */
export async function prepareDataFolder(folder: string, reset: boolean): Promise<void> {
  await mkdir(folder, { recursive: true });
  const content = await readdir(folder);
  if (reset && content.length > 0) {
    if (!content.includes(marker)) {
      throw new Error(
        `${folder} was not made by the local tenant, so --reset leaves it alone. Set SIM_DATA_DIR.`,
      );
    }
    await Promise.all(content.map((name) => rm(join(folder, name), { recursive: true, force: true })));
  }
  if (!reset && content.length > 0) return;
  const text = 'What the local tenant keeps between runs. npm start -- --reset wipes it.\n';
  await writeFile(join(folder, marker), text);
}

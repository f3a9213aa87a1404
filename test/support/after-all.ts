import { rm } from 'node:fs/promises';
import { keysVariable } from './tenant-folder';

/** After all tests. */
export default async function afterAllTests(): Promise<void> {
  const folder = process.env[keysVariable];
  if (folder !== undefined) await rm(folder, { recursive: true });
}

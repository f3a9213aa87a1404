import { rm } from 'node:fs/promises';
import { azuriteEnd } from './before-all';
import { keysVariable } from './tenant-folder';

/** After all tests. */
export default async function afterAllTests(): Promise<void> {
  const end = (globalThis as Partial<Record<symbol, () => Promise<void>>>)[azuriteEnd];
  await end?.();
  const folder = process.env[keysVariable];
  if (folder !== undefined) await rm(folder, { recursive: true });
}

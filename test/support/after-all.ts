import { rm } from 'node:fs/promises';
import { azuriteEnd } from './before-all';
import { sharedVariable } from './tenant-folder';

/** After all tests. */
export default async function afterAllTests(): Promise<void> {
  const end = (globalThis as Partial<Record<symbol, () => Promise<void>>>)[azuriteEnd];
  await end?.();
  const folder = process.env[sharedVariable];
  if (folder !== undefined) await rm(folder, { recursive: true });
}

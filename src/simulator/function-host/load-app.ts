import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createAppRegistry, createCoreModule, serveCoreModule, type AppRegistry } from './core-module';
import type { HostLog } from './host-log';

/** A problem whose message says all there is to say: it is shown without a stack. */
export class AppNotLoadable extends Error {
  override name = 'AppNotLoadable';
}

/**
 * Loads every file that `main` of package.json names, as the worker does, and returns what they registered.
 * @param folder absolute.
 * @throws AppNotLoadable when there is no file or no function, or a file throws: the worker then starts no function at all.
 */
export async function loadApp(folder: string, log: HostLog): Promise<AppRegistry> {
  const manifest = await readManifest(folder);
  const { glob } = await import('tinyglobby');
  const files = (await glob(manifest.main, { cwd: folder, expandDirectories: false })).sort();
  if (files.length === 0) {
    throw new AppNotLoadable(
      `No file matches "${manifest.main}", the "main" of ${join(folder, 'package.json')}. Build the app first: npm run build.`,
    );
  }

  const registry = createAppRegistry();
  serveCoreModule(createCoreModule(registry, log));
  const requireFromApp = createRequire(join(folder, 'package.json'));
  for (const file of files) {
    const path = join(folder, file);
    const isModule = file.endsWith('.mjs') || (manifest.type === 'module' && !file.endsWith('.cjs'));
    try {
      if (isModule) await import(pathToFileURL(path).href);
      else requireFromApp(path);
    } catch (error) {
      throw new AppNotLoadable(
        `The entry file ${file} could not be loaded: ${(error as Error).stack ?? String(error)}`,
      );
    }
  }
  if (registry.functions.size === 0) {
    throw new AppNotLoadable(`No function was registered by ${files.join(', ')}.`);
  }

  for (const hook of registry.hooks.appStart) {
    await hook({ hookData: {}, appHookData: {}, functionAppDirectory: folder });
  }
  registry.locked = true;
  const capabilities = (await registry.programmingModel?.getCapabilities?.({})) ?? {};
  if (capabilities['HttpUri']) {
    throw new AppNotLoadable(
      'The app turns on HTTP streaming (enableHttpStream), which this host does not serve.',
    );
  }
  return registry;
}

async function readManifest(folder: string): Promise<{ main: string; type?: string }> {
  const path = join(folder, 'package.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new AppNotLoadable(
      `${path} can't be read. Make the app's package first: npm run package. ${String(error)}`,
    );
  });
  const manifest = JSON.parse(text) as { main?: string; type?: string };
  if (!manifest.main) throw new AppNotLoadable(`${path} has no "main" that names the app's entry files.`);
  return { ...manifest, main: manifest.main };
}

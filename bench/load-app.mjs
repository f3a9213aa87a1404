/**
 * Loads as much of the app as is asked for, says how many ms it took, and ends:
 * `node load-app.mjs <unbundled | bundled> <empty | handshake | notification | photo>`.
 */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const startedAt = performance.now();
const require = createRequire(import.meta.url);
const [, , as, upTo] = process.argv;

/** As the compiler leaves it, every file and every package by itself. */
const unbundled = {
  triggers() {
    const folder = fileURLToPath(new URL('../dist/functions/', import.meta.url));
    for (const file of readdirSync(folder)) if (file.endsWith('.js')) require(`${folder}${file}`);
  },
  load: (module) => require(`../dist/${module}.js`),
};

/** As it is deployed. */
const bundled = {
  triggers: () => import('../dist-package/app.mjs'),
  load(module) {
    const folder = new URL('../dist-package/chunks/', import.meta.url);
    const pattern = new RegExp(`^${module.replace(/^.*\//, '')}-[A-Z0-9]{8}\\.mjs$`);
    return import(
      new URL(
        readdirSync(folder).find((file) => pattern.test(file)),
        folder,
      )
    );
  },
};

const { triggers, load } = as === 'bundled' ? bundled : unbundled;

if (upTo !== 'empty') await triggers();
if (upTo === 'notification' || upTo === 'photo') {
  await load('notifications/answer-notifications');
  const [{ loadConfig }, { openStorage }] = [await load('config'), await load('storage/open-storage')];
  const config = loadConfig(process.env);
  openStorage(process.env);
  if (upTo === 'photo') {
    await load('photos/handle-event');
    const { openTenant } = await load('tenant/open-tenant');
    openTenant(config);
  }
}
process.stdout.write(`loaded ${performance.now() - startedAt}\n`, () => process.exit(0));

/**
 * `npm run package`: makes dist-package/, which is all that is deployed, or the folder that is named; with `--when-stale`,
 * only where something is newer. The same sources and the same lockfile give the same bytes. esbuild's own account of
 * the bundle lies beside it, as dist-package.meta.json.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { billOfMaterials } from './packaging/bill-of-materials.mjs';
import { bundleApp, entryFile } from './packaging/bundle-app.mjs';
import { isStale } from './packaging/is-stale.mjs';
import { bundledPackages } from './packaging/bundled-packages.mjs';
import { thirdPartyNotices } from './packaging/third-party-notices.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'when-stale': { type: 'boolean' } },
});
const target = resolve(positionals[0] ?? join(root, 'dist-package'));
const account = `${target}.meta.json`;

if (!values['when-stale'] || !existsSync(target) || isStale(root, account)) await makePackage();

async function makePackage() {
  const began = new Date();
  const making = `${target}.${process.pid}`;
  try {
    const { files, metafile } = await bundleApp(root, making);
    for (const { path, contents } of files) write(path, contents);
    write(join(making, 'host.json'), read('host.json'));
    write(join(making, 'LICENSE'), read('LICENSE'));
    write(join(making, 'package.json'), manifest());
    write(join(making, 'sbom.cdx.json'), billOfMaterials(root));
    const packages = bundledPackages(root, metafile);
    write(join(making, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(root, packages));
    // Whoever looks meanwhile finds the former one or the new one, whole.
    rmSync(target, { recursive: true, force: true });
    renameSync(making, target);
    write(account, JSON.stringify(metafile));
    // What was saved meanwhile counts as newer.
    utimesSync(account, began, began);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** What the worker needs to find the app, and nothing to install. */
function manifest() {
  const { name, version, description, license } = JSON.parse(read('package.json'));
  return `${JSON.stringify({ name, version, private: true, description, license, main: entryFile }, undefined, 2)}\n`;
}

function read(name) {
  return readFileSync(join(root, name), 'utf8');
}

function write(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, contents);
}

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The entry file bears the time at which its making began; see package.mjs. */
const stamp = join(root, 'dist-package', 'app.mjs');
const account = join(root, 'dist-package.meta.json');
const inputs = ['package.json', 'package-lock.json', 'host.json', 'LICENSE', 'scripts', 'src'];
const notShipped = ['src/simulator', 'src/cli'].map((folder) => join(root, folder));

/** Makes dist-package/ where it is missing or older than what it is made of. Also jest's `globalSetup`. */
export default function packageWhenStale() {
  if (!isStale()) return;
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'package.mjs')], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('The package could not be made: npm run package.');
}

function isStale() {
  if (!existsSync(stamp) || !existsSync(account)) return true;
  return newest(inputs.map((name) => join(root, name))) >= statSync(stamp).mtimeMs;
}

/** A folder counts too: its time is that of the last file that came or went. */
function newest(paths) {
  return Math.max(
    ...paths
      .filter((path) => !notShipped.includes(path))
      .map((path) => {
        const about = statSync(path);
        return about.isDirectory()
          ? Math.max(about.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))))
          : about.mtimeMs;
      }),
  );
}

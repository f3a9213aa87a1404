import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const inputs = ['package.json', 'package-lock.json', 'host.json', 'LICENSE', 'scripts', 'src'];
const notShipped = ['src/simulator', 'src/cli'];

/** @param {string} made a file that bears the time at which its making began. */
export function isStale(root, made) {
  if (!existsSync(made)) return true;
  const ignored = notShipped.map((folder) => join(root, folder));
  return (
    newest(
      inputs.map((name) => join(root, name)),
      ignored,
    ) >= statSync(made).mtimeMs
  );
}

/** A folder counts too: its time is that of the last file that came or went. */
function newest(paths, ignored) {
  const times = paths
    .filter((path) => !ignored.includes(path))
    .map((path) => {
      const about = statSync(path);
      if (!about.isDirectory()) return about.mtimeMs;
      const within = readdirSync(path).map((name) => join(path, name));
      return Math.max(about.mtimeMs, newest(within, ignored));
    });
  return Math.max(...times);
}

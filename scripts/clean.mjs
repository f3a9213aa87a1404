/** Removes what the build made. The local tenant's state stays: `npm start -- --reset` wipes that. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
for (const folder of ['dist', 'dist-package', 'dist-package.meta.json', 'coverage'])
  rmSync(join(root, folder), { recursive: true, force: true });

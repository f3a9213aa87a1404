import { join, resolve } from 'node:path';

/** Where package.json lies: this file is as deep in src/ as it is in dist/. */
export const projectRoot = resolve(__dirname, '../../..');

/** What `npm run package` makes and is deployed. */
export const packageFolder = join(projectRoot, 'dist-package');

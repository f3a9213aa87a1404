import { resolve } from 'node:path';

/** Where package.json lies: this file is as deep in src/ as it is in dist/. */
export const projectRoot = resolve(__dirname, '../../..');

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
};

/** The compiler leaves the page where it is: beside the sources, also when this runs from dist/. */
const DIRECTORY =
  [join(__dirname, '../page'), join(__dirname, '../../../src/simulator/page')].find((path) =>
    existsSync(join(path, 'index.html')),
  ) ?? join(__dirname, '../page');

/** One of the page's files, or undefined. Names have no slash, so there is no way out of the folder. */
export async function pageFile(path: string): Promise<{ bytes: Buffer; contentType: string } | undefined> {
  const name = path === '/' ? 'index.html' : path.slice(1);
  const [, ending] = /^[a-z0-9-]+\.([a-z]+)$/.exec(name) ?? [];
  const contentType = TYPES[ending ?? ''];
  if (contentType === undefined) return undefined;
  try {
    return { bytes: await readFile(join(DIRECTORY, name)), contentType };
  } catch {
    return undefined;
  }
}

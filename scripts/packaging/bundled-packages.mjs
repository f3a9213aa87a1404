import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The packages of which the bundle holds any code, by esbuild's own account, in the order of their names.
 * @returns {{ folder: string, name: string, version: string, licence: string, author: string }[]}
 */
export function bundledPackages(root, metafile) {
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = new Set(files.flatMap((file) => packageFolder(file) ?? []));
  return [...folders].sort(byText).map((folder) => {
    const { name, version, license, author } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    if (typeof license !== 'string') throw new Error(`${folder} does not say its licence.`);
    return { folder, name, version, licence: license, author: author?.name ?? author ?? '' };
  });
}

/** The innermost: `node_modules/a/node_modules/@b/c/d.js` is of `node_modules/a/node_modules/@b/c`. */
function packageFolder(file) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

const byText = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const licenceFile = /^(licen[cs]e|copying|notice|copyrightnotice|third-?party-?notices?)(\.(txt|md))?$/i;

/**
 * Name, version, licence and its text, of every package whose code is in the bundle.
 * @param {ReturnType<typeof import('./bundled-packages.mjs').bundledPackages>} packages
 * @throws Error for a package whose text is not to be had.
 */
export function thirdPartyNotices(root, packages) {
  const list = packages.map(({ name, version, licence }) => `${name} ${version} (${licence})`);
  const texts = packages.map((one) =>
    [`${'='.repeat(80)}\n${one.name} ${one.version}\nLicence: ${one.licence}\n`, ...textsOf(root, one)].join(
      '\n',
    ),
  );
  return ['Photo Sync for SharePoint contains code of these packages.\n', ...list, '', ...texts, ''].join(
    '\n',
  );
}

function textsOf(root, { folder, name, licence, author }) {
  const files = readdirSync(join(root, folder))
    .filter((file) => licenceFile.test(file))
    .sort();
  if (files.length > 0) return files.map((file) => tidy(readFileSync(join(root, folder, file), 'utf8')));
  // A package may name its licence and leave out the text; the text of this one is everybody's, ours too.
  if (licence === 'MIT' && author !== '') {
    const text = tidy(readFileSync(join(root, 'LICENSE'), 'utf8'));
    return [text.replace(/^Copyright.*$/m, `Copyright (c) ${author.replace(/ *[<(].*$/, '')}`)];
  }
  throw new Error(`The package ${name} (${licence}) has no licence text, which its notice needs.`);
}

const tidy = (text) => `${text.replace(/\r\n/g, '\n').trim()}\n`;

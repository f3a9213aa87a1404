import type { MySite } from '../books';

/** The folder of pictures gets another name, with all files in it. Addresses in profiles lead to the former name. */
export function renameFolder(site: MySite, name: string): void {
  const former = `/User Photos/${site.folderName}/`;
  for (const [path, file] of [...site.files]) {
    if (!path.startsWith(former)) continue;
    site.files.delete(path);
    site.files.set(`/User Photos/${name}/${path.slice(former.length)}`, file);
  }
  site.folderName = name;
}

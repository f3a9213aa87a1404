/** Files and folders of a site, by server-relative path. SharePoint keeps the case and doesn't tell cases apart. */

import type { MySite, StoredFile } from '../books';
import type { TenantHistory } from '../history';

export const PICTURES_LIBRARY = '/User Photos';

export interface SavedFile {
  /** As the file was first saved under, whatever the case it is asked for in. */
  path: string;
  file: StoredFile;
}

export interface Library {
  /** The folder's path in its own case. */
  findFolder(path: string): string | undefined;
  subfolderPaths(folder: string): string[];
  /** An added folder is kept while the simulator runs, one with files in it as long as they are. */
  addFolder(path: string): void;
  filesIn(folder: string): SavedFile[];
  findFile(path: string): SavedFile | undefined;
  saveFile(path: string, file: StoredFile): SavedFile;
  removeFile(path: string): void;
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const childPath = (folder: string, name: string): string => `${folder === '/' ? '' : folder}/${name}`;
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';
const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function withAncestors(path: string): string[] {
  return path === '/' ? ['/'] : [...withAncestors(parentOf(path)), path];
}

/** The picture library of the My Site host: the form pages, and one folder whose name is in the host's language. */
export const createMySiteLibrary = (site: MySite, history: TenantHistory): Library =>
  createLibrary(
    site.files,
    () => [`${PICTURES_LIBRARY}/Forms`, `${PICTURES_LIBRARY}/${site.folderName}`],
    history,
  );

/** A site without files. */
export const createEmptyLibrary = (): Library => createLibrary(new Map(), () => []);

function createLibrary(
  files: Map<string, StoredFile>,
  standingFolders: () => string[],
  history?: TenantHistory,
): Library {
  const added = new Set<string>();

  const knownFolders = () => ['/', ...standingFolders(), ...added].flatMap(withAncestors);
  const allFolders = () => [
    ...new Set([...knownFolders(), ...[...files.keys()].flatMap((path) => withAncestors(parentOf(path)))]),
  ];

  function savedPath(path: string): string | undefined {
    if (files.has(path)) return path;
    // Every upload of a new file comes here, and a large tenant has thousands of files.
    const wanted = path.toLowerCase();
    for (const saved of files.keys()) if (saved.toLowerCase() === wanted) return saved;
    return undefined;
  }

  function findFile(path: string): SavedFile | undefined {
    const saved = savedPath(path);
    const file = saved === undefined ? undefined : files.get(saved);
    return saved === undefined || !file ? undefined : { path: saved, file };
  }

  return {
    // The folders known without the files come first: every upload asks.
    findFolder(path) {
      const isIt = (folder: string) => isSame(folder, path);
      return knownFolders().find(isIt) ?? allFolders().find(isIt);
    },
    subfolderPaths: (folder) => allFolders().filter((path) => path !== '/' && isSame(parentOf(path), folder)),
    addFolder: (path) => void added.add(path),
    filesIn: (folder) =>
      [...files].flatMap(([path, file]) => (isSame(parentOf(path), folder) ? [{ path, file }] : [])),
    findFile,
    saveFile(path, file) {
      const saved = savedPath(path) ?? path;
      history?.fileSaved(saved, file, files.get(saved));
      files.set(saved, file);
      return { path: saved, file };
    },
    removeFile(path) {
      const saved = savedPath(path);
      const file = saved === undefined ? undefined : files.get(saved);
      if (saved === undefined || file === undefined) return;
      history?.fileRemoved(saved, file);
      files.delete(saved);
    },
  };
}

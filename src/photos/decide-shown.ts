import { pictureFileName } from './picture-names';

/** Where a `PictureURL` leads. Paths are server-relative and decoded; `mySiteUrl` is one of the configured. */
export type ShownAt =
  /** Our own M file, in this folder of the library. */
  | { by: 'us'; mySiteUrl: string; folder: string }
  /** Another file in the picture library of a My Site host of the tenant. */
  | { by: 'other-file'; mySiteUrl: string; path: string }
  /** Somewhere the app does not read. */
  | { by: 'other-address' }
  | { by: 'nobody' };

/**
 * Reads a `PictureURL`. The address itself is never used: it selects one of the configured hosts, and gives the path of a
 * file there. Our files are known by name, in whatever folder: its name follows the language of the host.
 */
export function decideShown(
  personId: string,
  pictureUrl: string,
  geos: readonly { mySiteUrl: string }[],
): ShownAt {
  if (pictureUrl.trim() === '') return { by: 'nobody' };
  if (!URL.canParse(pictureUrl)) return { by: 'other-address' };
  const url = new URL(pictureUrl);
  const geo = geos.find(({ mySiteUrl }) => mySiteUrl.toLowerCase() === url.origin);
  const path = decoded(url.pathname);
  if (!geo || path === undefined) return { by: 'other-address' };
  const { mySiteUrl } = geo;
  // The app may read this library and nothing else on the host: the rest is other sites.
  const [, folder, name] = /^\/User Photos\/([^/]+)\/([^/]+)$/i.exec(path) ?? [];
  if (folder === undefined || name === undefined) return { by: 'other-address' };
  if (name.toLowerCase() === pictureFileName(personId, 'M').toLowerCase())
    return { by: 'us', mySiteUrl, folder };
  return { by: 'other-file', mySiteUrl, path };
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

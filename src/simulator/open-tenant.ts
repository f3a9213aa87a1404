import type { Books, SitePermission } from './books';
import { CLIENT_ID, DEFAULT_ROLES } from './identity';
import { populate } from './people/populate';
import type { Pictures } from './pictures/picture-store';
import type { SimulatorSettings } from './settings';
import { loadState, type TenantState } from './tenant-state';

/** The tenant's id in the simulated directory; `local.settings.sample.json` names it. */
export const LOCAL_TENANT_ID = '6c1d2f60-94b7-4a0e-9f3b-5d7e8a9c0b12';

/** The app may write on a My Site host. */
const permissions = (granted: boolean): SitePermission[] =>
  granted ? [{ id: 'by-default', appId: CLIENT_ID, displayName: 'photo-sync', roles: ['write'] }] : [];

function emptyBooks({ hosts, folderName, geoFolderName, granted }: SimulatorSettings): Books {
  return {
    tenantId: LOCAL_TENANT_ID,
    people: new Map(),
    groups: new Map(),
    profiles: new Map(),
    files: new Map(),
    nativePulls: new Map(),
    folderName,
    mySiteUrl: `https://${hosts.mysite}`,
    permissions: permissions(granted),
    ...(geoFolderName !== undefined && {
      geo: {
        files: new Map(),
        folderName: geoFolderName,
        mySiteUrl: `https://${hosts['geo-mysite']}`,
        permissions: permissions(granted),
      },
    }),
  };
}

/** What an earlier run left, or a new tenant with its people. */
export async function openTenantState(settings: SimulatorSettings, pictures: Pictures): Promise<TenantState> {
  const kept = await loadState(settings.dataDir);
  // What an earlier version of the local tenant kept may lack a part.
  if (kept !== undefined) {
    const empty = emptyBooks(settings);
    const geo =
      kept.books.geo && Object.assign({ permissions: permissions(settings.granted) }, kept.books.geo);
    return { ...kept, books: { ...empty, ...kept.books, ...(geo && { geo }) } };
  }
  const books = emptyBooks(settings);
  await populate(books, pictures, settings.people, Date.now());
  return {
    books,
    subscriptions: new Map(),
    roles: settings.granted ? { ...DEFAULT_ROLES } : { graph: [], sharepoint: [] },
    clock: { offsetMs: 0 },
  };
}

/**
 * Draws each picture ahead, one at a time, so that nobody waits for it later. Many people share a drawing, and only the
 * words in its comment differ: it is drawn once, however many people there are.
 */
export async function drawAhead(
  books: Books,
  pictures: Pick<Pictures, 'rendition'>,
  stopped: () => boolean,
): Promise<void> {
  const drawn = new Set<string>();
  for (const { photo } of [...books.people.values()]) {
    if (stopped()) return;
    if (photo === undefined || !('drawing' in photo.origin)) continue;
    const { width, height, contentType, origin } = photo;
    const picture = `${origin.drawing} ${String(width)}x${String(height)} ${contentType}`;
    if (drawn.has(picture)) continue;
    drawn.add(picture);
    await pictures.rendition(photo, 'original').catch(() => undefined);
  }
}

import type { HistoryEntry } from '../history';
import { numberIn, type ControlRoute } from './control-route';
import type { TenantParts } from './tenant-parts';

/** The picture files of one person, as an app names them by object id. */
const ofPerson = /\/m365-([0-9a-f-]{36})_[SML]Thumb\.jpg$/;

/** What happened to photos and pictures. A file tells of which photo of its person it is, by its bytes. */
export function historyRoutes({ history, hashes }: TenantParts): ControlRoute[] {
  async function judged(entry: HistoryEntry): Promise<object> {
    if (entry.kind !== 'file') return entry;
    const [, personId = ''] = ofPerson.exec(entry.path) ?? [];
    for (const photo of history.photosOf(personId)) {
      // A photo that is no picture has no renditions to compare with.
      if (await hashes.isRendition(photo, entry.sha256).catch(() => false))
        return { ...entry, personId, etag: photo.etag };
    }
    return { ...entry, personId, etag: null };
  }

  return [
    {
      method: 'GET',
      path: /^history$/,
      run: async ({ query }) => {
        const entries: object[] = [];
        for (const entry of history.since(numberIn(query, 'since', 0)).slice(0, numberIn(query, 'top', 5000)))
          entries.push(await judged(entry));
        return { json: entries };
      },
    },
  ];
}

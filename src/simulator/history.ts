import type { Books, Person, SharePointProfile, SourcePhoto, StoredFile } from './books';
import type { MovableClock } from './clock';

const KEPT = 300_000;

/**
 * What happened to photos and pictures, for an audit that has to judge the way and not only its end. Times are the
 * simulator's; `machineMs` is the machine's own clock, which nobody moves.
 */
export type HistoryEntry = { n: number; time: string; machineMs: number } & HistoryFact;

type HistoryFact =
  /** A person's Microsoft 365 photo is from now on this one, or none. */
  | { kind: 'photo'; personId: string; etag: string | null }
  | { kind: 'person-removed'; personId: string }
  /** A file that came in by the API. `over`: who had written the file that stood there. */
  | { kind: 'file'; path: string; sha256: string; over: StoredFile['writtenBy'] | null }
  /** A file that went by the API. */
  | { kind: 'file-removed'; path: string; sha256: string; writtenBy: StoredFile['writtenBy'] }
  /** A property of a profile that was set by the API. `objectId`: whose profile it is, as far as it tells. */
  | {
      kind: 'property';
      accountName: string;
      objectId: string | null;
      name: string;
      value: string;
      before: string;
    };

const pictureProperty = 'PictureURL';

/** The latest three hundred thousand of these, in order, and every photo a person ever had. */
export class TenantHistory {
  private readonly entries: HistoryEntry[] = [];
  private readonly photos = new Map<string, SourcePhoto[]>();
  private last = 0;

  constructor(
    private readonly books: Pick<Books, 'people'>,
    private readonly clock: Pick<MovableClock, 'now'>,
  ) {}

  /** Right after the change. `former`: the photo of before, which may be from before this history. */
  photoChanged({ id: personId, photo }: Person, former: SourcePhoto | undefined): void {
    const known = this.photos.get(personId) ?? (former === undefined ? [] : [former]);
    this.photos.set(personId, photo === undefined ? known : [...known, photo]);
    this.add({ kind: 'photo', personId, etag: photo?.etag ?? null });
  }

  personRemoved({ id: personId, photo }: Person): void {
    if (!this.photos.has(personId)) this.photos.set(personId, photo === undefined ? [] : [photo]);
    this.add({ kind: 'person-removed', personId });
  }

  fileSaved(path: string, { sha256 }: StoredFile, standing: StoredFile | undefined): void {
    this.add({ kind: 'file', path, sha256, over: standing?.writtenBy ?? null });
  }

  fileRemoved(path: string, { sha256, writtenBy }: StoredFile): void {
    this.add({ kind: 'file-removed', path, sha256, writtenBy });
  }

  /** Of the properties only the picture's address tells whose picture is shown. */
  propertySet({ accountName, objectId, properties }: SharePointProfile, name: string, value: string): void {
    if (name !== pictureProperty) return;
    const before = properties.PictureURL;
    this.add({ kind: 'property', accountName, objectId: objectId ?? null, name, value, before });
  }

  /** Every photo the person ever had, the newest first; also of somebody who is gone. */
  photosOf(personId: string): readonly SourcePhoto[] {
    const present = this.books.people.get(personId)?.photo;
    const known = this.photos.get(personId) ?? (present === undefined ? [] : [present]);
    return [...known].reverse();
  }

  since(n: number): HistoryEntry[] {
    const first = this.entries[0]?.n ?? 1;
    return this.entries.slice(Math.max(0, n + 1 - first));
  }

  private add(fact: HistoryFact): void {
    const time = new Date(this.clock.now()).toISOString();
    this.entries.push({ n: ++this.last, time, machineMs: Date.now(), ...fact });
    if (this.entries.length > KEPT * 1.1) this.entries.splice(0, this.entries.length - KEPT);
  }
}

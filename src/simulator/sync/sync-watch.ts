import type { Books, Person } from '../books';
import type { MovableClock } from '../clock';
import type { EventStream } from '../event-stream';
import { accountNameOf } from '../people/sharepoint-state';
import { judgeSync } from './judge-sync';
import type { PhotoHashes } from './photo-hashes';
import { shownPicture } from './shown-picture';

/** Measures how long a changed photo takes to show in SharePoint. */
export class SyncWatch {
  /** By person id: what SharePoint showed when it was last judged. */
  private readonly awaited = new Map<string, string>();
  private poked = false;

  constructor(
    private readonly books: Books,
    private readonly hashes: PhotoHashes,
    private readonly clock: MovableClock,
    private readonly events: EventStream,
  ) {
    for (const person of books.people.values()) {
      if (person.formerEtags.length > 0 && person.syncedAfterMs === undefined)
        this.awaited.set(person.id, '');
    }
  }

  photoChanged(person: Person): void {
    person.photoChangedAt = this.clock.iso();
    delete person.syncedAfterMs;
    this.awaited.set(person.id, '');
  }

  /** Something changed in SharePoint, nobody says what. */
  sharePointChanged(): void {
    if (this.poked) return;
    this.poked = true;
    const at = this.clock.now();
    setImmediate(() => {
      this.poked = false;
      for (const [personId, before] of this.awaited) this.lookAt(personId, before, at);
    });
  }

  private lookAt(personId: string, before: string, at: number): void {
    const person = this.books.people.get(personId);
    if (person === undefined) {
      this.awaited.delete(personId);
      return;
    }
    const now = this.signatureOf(person);
    if (now === before) return;
    this.awaited.set(personId, now);
    void this.judge(person, person.photoChangedAt, at);
  }

  private async judge(person: Person, changedAt: string | undefined, at: number): Promise<void> {
    const inSync = await judgeSync(this.books, this.hashes, person).catch(() => false);
    // The photo may have changed again while this one was judged.
    if (!inSync || person.photoChangedAt !== changedAt || !this.awaited.has(person.id)) return;
    this.awaited.delete(person.id);
    person.syncedAfterMs = Math.max(0, at - Date.parse(changedAt ?? ''));
    this.events.emit('synced', { personId: person.id, syncedAfterMs: person.syncedAfterMs });
  }

  private signatureOf(person: Person): string {
    const profile = this.books.profiles.get(accountNameOf(person.userPrincipalName));
    if (profile === undefined) return 'no profile';
    const { pictureUrl, timestamp, placeholderState, files } = shownPicture(this.books, profile);
    return [pictureUrl, timestamp, placeholderState, ...Object.values(files).map((file) => file.sha256)].join(
      ' ',
    );
  }
}

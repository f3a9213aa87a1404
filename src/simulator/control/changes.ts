import type { Books, Person, SourcePhoto } from '../books';
import type { EventStream } from '../event-stream';
import type { TenantHistory } from '../history';
import type { Notifier } from '../notifying/notifier';
import { accountNameOf } from '../people/sharepoint-state';
import type { SyncWatch } from '../sync/sync-watch';

const FORMER_PHOTOS = 50;

export interface ChangeParts {
  books: Books;
  notifier: Notifier;
  events: EventStream;
  history: TenantHistory;
  syncWatch: SyncWatch;
  /** The books changed: they have to be saved. */
  changed: () => void;
}

/** What people and admins change in Microsoft 365, with what Graph says about it. */
export class TenantChanges {
  /** Names and addresses that people had before a change, or before they left: a log may hold none of them. */
  readonly formerNames = new Set<string>();

  constructor(private readonly parts: ChangeParts) {}

  /**
   * `photo` undefined: it is removed. Graph promises no notification of a photo; a photo kept in the directory is an
   * attribute of the user, and so raises one. https://learn.microsoft.com/graph/delta-query-overview#limitations
   */
  setPhoto(person: Person, photo: SourcePhoto | undefined, notify: boolean | undefined): void {
    const former = person.photo;
    if (former !== undefined) {
      person.formerEtags.push(former.etag);
      person.formerPhotos = [...(person.formerPhotos ?? []), former].slice(-FORMER_PHOTOS);
    }
    person.photo = photo;
    this.parts.history.photoChanged(person, former);
    this.parts.syncWatch.photoChanged(person);
    const what = photo === undefined ? 'photo-removed' : 'photo';
    this.tell(person, what, notify ?? !person.mailbox);
  }

  setProperties(person: Person, properties: Partial<Person>, notify: boolean): void {
    const { books } = this.parts;
    const before = accountNameOf(person.userPrincipalName);
    this.rememberNames(person);
    Object.assign(person, properties);
    const after = accountNameOf(person.userPrincipalName);
    const profile = books.profiles.get(before);
    if (before !== after && profile !== undefined) {
      books.profiles.delete(before);
      books.profiles.set(after, { ...profile, accountName: after });
    }
    this.tell(person, 'properties', notify);
  }

  /** The account goes, its SharePoint profile stays. Graph calls a soft deletion an update. */
  removePerson(person: Person): void {
    this.parts.history.personRemoved(person);
    this.rememberNames(person);
    this.parts.books.people.delete(person.id);
    this.tell(person, 'properties', true);
  }

  sharePointChanged(): void {
    this.parts.changed();
    this.parts.syncWatch.sharePointChanged();
  }

  private rememberNames({ displayName, userPrincipalName }: Person): void {
    this.formerNames.add(displayName).add(userPrincipalName);
  }

  private tell(
    { id: personId }: Person,
    what: 'photo' | 'photo-removed' | 'properties',
    notify: boolean,
  ): void {
    this.parts.changed();
    const notified = notify && this.parts.notifier.raise([personId]);
    this.parts.events.emit('change', { personId, what, notified });
  }
}

import type { Books, Person, StoredFile } from '../books';
import { noteOn } from '../people/person-kinds';
import { accountNameOf } from '../people/sharepoint-state';
import { judgeSync } from '../sync/judge-sync';
import type { PhotoHashes } from '../sync/photo-hashes';
import { shownPicture, type ShownPicture } from '../sync/shown-picture';

function sharePointOf(shown: ShownPicture) {
  const hashes = Object.entries(shown.files).map(([letter, file]) => [letter, file.sha256] as const);
  const { pictureUrl, timestamp, placeholderState } = shown;
  return { pictureUrl, timestamp, placeholderState, files: Object.fromEntries(hashes) };
}

function latest(files: readonly StoredFile[]): string | null {
  return files.reduce<string | null>(
    (newest, { modifiedAt }) => (newest !== null && newest > modifiedAt ? newest : modifiedAt),
    null,
  );
}

/** A person as the page and the tests see them: both pictures, and whether they agree. */
export async function personRow(books: Books, hashes: PhotoHashes, person: Person) {
  const profile = books.profiles.get(accountNameOf(person.userPrincipalName));
  const shown = profile === undefined ? undefined : shownPicture(books, profile);
  const { photo } = person;
  return {
    id: person.id,
    userPrincipalName: person.userPrincipalName,
    displayName: person.displayName,
    jobTitle: person.jobTitle,
    kind: person.kind,
    note: noteOn(person) ?? null,
    mailbox: person.mailbox,
    userType: person.userType ?? null,
    accountEnabled: person.accountEnabled,
    source:
      photo === undefined ? null : { etag: photo.etag, sha256: await hashes.rendition(photo, 'original') },
    sharePoint: shown === undefined ? null : sharePointOf(shown),
    inSync: await judgeSync(books, hashes, person),
    photoChangedAt: person.photoChangedAt ?? null,
    sharePointChangedAt: shown === undefined ? null : latest(Object.values(shown.files)),
    syncedAfterMs: person.syncedAfterMs ?? null,
  };
}

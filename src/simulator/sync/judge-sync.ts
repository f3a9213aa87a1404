import type { Books, Person, SizeLetter, StoredFile } from '../books';
import { accountNameOf } from '../people/sharepoint-state';
import type { PhotoHashes } from './photo-hashes';
import { showsPicture, shownPicture } from './shown-picture';

/**
 * Whether what SharePoint shows comes from the person's present photo: files written by the app must be Graph's
 * renditions of it, byte for byte; SharePoint's own must be its thumbnails of it. Without a photo nothing may be shown.
 */
export async function judgeSync(books: Books, hashes: PhotoHashes, person: Person): Promise<boolean> {
  const profile = books.profiles.get(accountNameOf(person.userPrincipalName));
  const shown = profile === undefined ? undefined : shownPicture(books, profile);
  const { photo } = person;
  if (photo === undefined) return shown === undefined || !showsPicture(shown);
  if (shown === undefined || !showsPicture(shown)) return false;
  const isFromPhoto = async (letter: SizeLetter, file: StoredFile | undefined): Promise<boolean> => {
    if (file === undefined) return false;
    if (file.writtenBy === 'sharepoint') {
      // Of a photo that is no picture there can be no thumbnail: what is shown is not from it.
      const thumbnail = await hashes.nativeThumbnail(photo, letter).catch(() => undefined);
      return thumbnail === file.sha256;
    }
    return hashes.isRendition(photo, file.sha256);
  };
  for (const letter of ['M', 'S', 'L'] as const)
    if (!(await isFromPhoto(letter, shown.files[letter]))) return false;
  return true;
}

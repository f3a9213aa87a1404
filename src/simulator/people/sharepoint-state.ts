import type { Books, Person, PictureStore, SharePointProfile, SizeLetter, SourcePhoto } from '../books';
import { sha256 } from '../pictures/blob-folder';
import { thumbnailKey } from '../pictures/picture-store';
import { mySiteOf } from '../sharepoint/geos';
import { drawnPhoto } from '../pictures/source-photo';
import { guidOf } from './create-person';

/** `SPS-PictureTimestamp` counts seconds since the year 1. */
const SECONDS_FROM_YEAR_1_TO_1970 = 62_135_596_800;

const LETTERS: readonly SizeLetter[] = ['S', 'M', 'L'];

export function accountNameOf(userPrincipalName: string): string {
  return `i:0#.f|membership|${userPrincipalName.toLowerCase()}`;
}

/** SharePoint names its files by the sign-in name in older profiles, by the object id in newer ones. */
function nativeStem(person: Person): string {
  const byId = person.kind === 'native-pull' || (person.kind === 'ordinary' && /^[0-7]/.test(person.id));
  return byId ? person.id : person.userPrincipalName.replace(/[@.]/g, '_');
}

export function newProfile(person: Person, objectId: string): SharePointProfile {
  return {
    accountName: accountNameOf(person.userPrincipalName),
    objectId,
    personalSiteHostUrl: '',
    properties: {
      PictureURL: '',
      'SPS-PicturePlaceholderState': '1',
      'SPS-PictureTimestamp': '',
      // 1: the picture is pulled from Exchange Online; 0: there is no mailbox.
      // https://learn.microsoft.com/sharepoint/troubleshoot/administration/profile-picture-not-showing
      'SPS-PictureExchangeSyncState': person.mailbox ? '1' : '0',
    },
  };
}

/**
 * What SharePoint does by itself when a person visits: three thumbnails of the photo, and the profile that shows them.
 * @param pull.stem what its files' names begin with. @param pull.at when it is done, ISO 8601.
 */
export async function pullNatively(
  books: Books,
  pictures: PictureStore,
  profile: SharePointProfile,
  photo: SourcePhoto,
  { stem, at }: { stem: string; at: string },
): Promise<void> {
  const site = mySiteOf(books, profile);
  for (const letter of LETTERS) {
    const bytes = await pictures.nativeThumbnail(photo, letter);
    const key =
      'drawing' in photo.origin
        ? thumbnailKey(photo.origin.drawing, photo.origin.stamp, letter)
        : await pictures.keep(bytes);
    site.files.set(`/User Photos/${site.folderName}/${stem}_${letter}Thumb.jpg`, {
      sha256: sha256(bytes),
      key,
      length: bytes.length,
      modifiedAt: at,
      writtenBy: 'sharepoint',
    });
  }
  const folder = encodeURIComponent(site.folderName);
  const pictureUrl = `${site.mySiteUrl}:443/User%20Photos/${folder}/${encodeURIComponent(stem)}_MThumb.jpg`;
  Object.assign(profile.properties, {
    PictureURL: pictureUrl,
    'SPS-PicturePlaceholderState': '0',
    'SPS-PictureTimestamp': String(Math.floor(Date.parse(at) / 1_000) + SECONDS_FROM_YEAR_1_TO_1970),
  });
  books.nativePulls.set(profile.accountName, { sourceEtag: photo.etag, pictureUrl, at });
}

/** Gives a new person the SharePoint profile that goes with the kind. */
export async function settleInSharePoint(
  books: Books,
  pictures: PictureStore,
  person: Person,
): Promise<void> {
  if (person.kind === 'no-profile') return;
  if (person.kind === 'reused-upn') {
    const leaver: Person = { ...person, id: guidOf(`who left before ${person.id}`) };
    const profile = newProfile(person, leaver.id);
    books.profiles.set(profile.accountName, profile);
    const face = drawnPhoto(`face-${leaver.id}`, `${leaver.id} photo 1`, '2023-03-14T09:26:53.000Z');
    await pullNatively(books, pictures, profile, face, { stem: nativeStem(leaver), at: face.changedAt });
    return;
  }
  const profile = newProfile(person, person.id);
  books.profiles.set(profile.accountName, profile);
  const { photo } = person;
  if (person.mailbox && photo !== undefined)
    await pullNatively(books, pictures, profile, photo, { stem: nativeStem(person), at: photo.changedAt });
}

import type { NoPhotoAnswer, Person, PersonKind } from '../books';
import { sha256 } from '../pictures/blob-folder';
import { LOGO } from '../pictures/drawings';
import { drawnPhoto, nextStamp } from '../pictures/source-photo';
import { addressPart, jobOf, nameOf } from './names';

const DAY = 24 * 60 * 60 * 1_000;

/** What the directory keeps may have any dimensions. https://learn.microsoft.com/graph/api/profilephoto-get */
const ODD_DIMENSIONS = [
  { width: 413, height: 531 },
  { width: 200, height: 151 },
  { width: 90, height: 90 },
  { width: 1_024, height: 683 },
] as const;

const NO_PHOTO_ANSWERS: readonly NoPhotoAnswer[] = [
  'ImageNotFound',
  'gif',
  'ErrorItemNotFound',
  'ErrorEntityNotFound',
];

export function guidOf(words: string): string {
  const hex = sha256(words);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** `taken`: whether somebody has this user principal name already. */
function userPrincipalNameOf(kind: PersonKind, number: number, taken: (name: string) => boolean): string {
  const name = nameOf(number);
  const [first, last] = [addressPart(name.first), addressPart(name.last)];
  const forms: Record<string, (suffix: string) => string> = {
    // Each beside the other: the two share a name, so that their native files collide.
    dotted: (suffix) => `sam.birch${suffix}@contoso.com`,
    underscored: (suffix) => `sam_birch${suffix}@contoso.com`,
    apostrophe: (suffix) => `${first}.o'${last}${suffix}@contoso.com`,
    percent: (suffix) => `${first}%20${last}${suffix}@contoso.com`,
    guest: (suffix) => `${first}.${last}${suffix}_fabrikam.com#EXT#@contoso.onmicrosoft.com`,
  };
  const form = forms[kind] ?? ((suffix: string) => `${first}.${last}${suffix}@contoso.com`);
  let suffix = '';
  for (let next = 2; taken(form(suffix)); next++) suffix = String(next);
  return form(suffix);
}

function displayNameOf(kind: PersonKind, number: number): string {
  const { first, last } = nameOf(number);
  if (kind === 'dotted' || kind === 'underscored')
    return kind === 'dotted' ? 'Sam Birch' : 'Sam Birch (Finance)';
  if (kind === 'apostrophe') return `${first} O'${last}`;
  return kind === 'guest' ? `${first} ${last} (Fabrikam)` : `${first} ${last}`;
}

/** Makes a person with the photo that goes with the kind. `number` decides name, face and which odd case it is. */
export function createPerson(
  kind: PersonKind,
  number: number,
  id: string,
  taken: (userPrincipalName: string) => boolean,
  now: number,
): Person {
  const mailbox = kind !== 'no-mailbox' && kind !== 'guest';
  const person: Person = {
    id,
    userPrincipalName: userPrincipalNameOf(kind, number, taken),
    displayName: displayNameOf(kind, number),
    jobTitle: jobOf(number),
    userType: kind === 'guest' ? 'Guest' : number % 17 === 9 ? undefined : 'Member',
    accountEnabled: kind !== 'disabled',
    mailbox,
    kind,
    photo: undefined,
    formerEtags: [],
  };
  if (kind === 'no-photo') {
    const answer = NO_PHOTO_ANSWERS[number % NO_PHOTO_ANSWERS.length] ?? 'ImageNotFound';
    return { ...person, noPhotoAnswer: answer };
  }
  const changedAt = new Date(now - ((number % 300) + 1) * DAY).toISOString();
  const photo =
    kind === 'shared-picture'
      ? drawnPhoto(LOGO, 'default logo', changedAt)
      : drawnPhoto(`face-${String(number)}`, nextStamp(person), changedAt);
  if (!mailbox) Object.assign(photo, ODD_DIMENSIONS[number % ODD_DIMENSIONS.length]);
  else if (kind === 'ordinary' && number % 9 === 4) Object.assign(photo, { width: 360, height: 360 });
  else if (kind === 'ordinary' && number % 31 === 7) Object.assign(photo, { width: 240, height: 240 });
  if (kind !== 'shared-picture' && number % 23 === 5) photo.contentType = 'image/png';
  return { ...person, photo, photoChangedAt: changedAt };
}

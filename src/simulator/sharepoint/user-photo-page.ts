/** `/_layouts/15/userphoto.aspx?size=S|M|L&accountname=…`: the picture that pages of SharePoint show. */

import type { Books, ServiceAnswer, ServiceRequest, SizeLetter, StoredFile } from '../books';
import { decodePath } from './files';
import { findProfile } from './profiles';
import type { SharePointDeps } from './work';

export const USER_PHOTO_PAGE = '/_layouts/15/userphoto.aspx';

/** Said by `SPS-PicturePlaceholderState`. */
const PLACEHOLDER_SHOWN = '1';

/** A picture's own URL names the M file; the others are found by their letter. */
const withLetter = (path: string, letter: SizeLetter): string =>
  path.replace(/_[SML]Thumb(\.\w+)$/i, `_${letter}Thumb$1`);

/** The file SharePoint shows for an account at this size; undefined: a placeholder. */
export function shownPicture(books: Books, accountName: string, letter: SizeLetter): StoredFile | undefined {
  const properties = findProfile(books, accountName)?.properties;
  if (!properties?.PictureURL || properties['SPS-PicturePlaceholderState'] === PLACEHOLDER_SHOWN)
    return undefined;
  if (!URL.canParse(properties.PictureURL)) return undefined;
  const path = decodePath(new URL(properties.PictureURL).pathname);
  return books.files.get(withLetter(path, letter));
}

/** A mail address stands for the claim of the same name. */
const toAccountName = (name: string): string => (name.includes('|') ? name : `i:0#.f|membership|${name}`);

export async function userPhotoAnswer(deps: SharePointDeps, request: ServiceRequest): Promise<ServiceAnswer> {
  const query = new Map([...request.url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const name = query.get('accountname') ?? query.get('username') ?? '';
  const size = query.get('size')?.toUpperCase();
  const letter = size === 'M' || size === 'L' ? size : 'S';
  const file = shownPicture(deps.books, toAccountName(name), letter);
  if (file) {
    return {
      status: 200,
      headers: { 'Content-Type': 'image/jpeg' },
      body: await deps.pictures.read(file.key),
    };
  }
  if (query.get('default') === 'none') return { status: 404 };
  return { status: 200, headers: { 'Content-Type': 'image/svg+xml' }, body: PLACEHOLDER };
}

const PLACEHOLDER =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><path fill="#8a8886" d="M0 0h96v96H0z"/><circle cx="48" cy="38" r="16" fill="#fff"/><path fill="#fff" d="M16 96c2-24 14-36 32-36s30 12 32 36z"/></svg>';

/** `/_layouts/15/userphoto.aspx?size=S|M|L&accountname=…`: the picture that pages of SharePoint show. */

import type { ServiceAnswer, ServiceRequest } from '../books';
import { shownPicture, showsPicture } from '../sync/shown-picture';
import { findProfile } from './profiles';
import type { SharePointDeps } from './work';

export const USER_PHOTO_PAGE = '/_layouts/15/userphoto.aspx';

/** A mail address stands for the claim of the same name. */
const toAccountName = (name: string): string => (name.includes('|') ? name : `i:0#.f|membership|${name}`);

export async function userPhotoAnswer(
  { books, pictures }: SharePointDeps,
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  const query = new Map([...request.url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const name = query.get('accountname') ?? query.get('username') ?? '';
  const size = query.get('size')?.toUpperCase();
  const profile = findProfile(books, toAccountName(name));
  const shown = profile && shownPicture(books, profile);
  const file =
    shown && showsPicture(shown) ? shown.files[size === 'M' || size === 'L' ? size : 'S'] : undefined;
  if (file)
    return { status: 200, headers: { 'Content-Type': 'image/jpeg' }, body: await pictures.read(file.key) };
  if (query.get('default') === 'none') return { status: 404 };
  return { status: 200, headers: { 'Content-Type': 'image/svg+xml' }, body: PLACEHOLDER };
}

const PLACEHOLDER =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><path fill="#8a8886" d="M0 0h96v96H0z"/><circle cx="48" cy="38" r="16" fill="#fff"/><path fill="#fff" d="M16 96c2-24 14-36 32-36s30 12 32 36z"/></svg>';

import type { Books, Person, PictureStore, ServiceAnswer, ServiceRequest, SourcePhoto } from '../books';
import { offeredSides } from '../pictures/source-photo';
import { graphError, graphJson, userNotFound } from './graph-answer';
import { findPerson } from './users';

const NOT_FOUND =
  "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.";

function notFound(person: Person): ServiceAnswer {
  const answer = person.noPhotoAnswer ?? 'ImageNotFound';
  return graphError(404, answer === 'gif' ? 'ImageNotFound' : answer, NOT_FOUND);
}

function metadata(request: ServiceRequest, person: Person, photo: SourcePhoto, side?: number): ServiceAnswer {
  const [width, height] = side === undefined ? [photo.width, photo.height] : [side, side];
  return graphJson(200, {
    '@odata.context': `${request.origin}/v1.0/$metadata#users('${person.id}')/photo/$entity`,
    '@odata.mediaContentType': photo.contentType,
    '@odata.mediaEtag': photo.etag,
    id: `${String(width)}X${String(height)}`,
    height,
    width,
  });
}

/** No photo, said with a 200. https://learn.microsoft.com/graph/api/profilephoto-get#example-3 */
function placeholder(request: ServiceRequest, person: Person): ServiceAnswer {
  return graphJson(200, {
    '@odata.context': `${request.origin}/v1.0/$metadata#users('${person.id}')/photo/$entity`,
    '@odata.mediaContentType': 'image/gif',
    '@odata.mediaEtag': '',
    id: '1x1',
    height: 1,
    width: 1,
  });
}

/**
 * `/users/{key}/photo`, `/photo/$value`, `/photos/{size}` and `/photos/{size}/$value`; `path` is what follows the key.
 * https://learn.microsoft.com/graph/api/profilephoto-get
 */
export async function getPhoto(
  books: Books,
  pictures: PictureStore,
  request: ServiceRequest,
  key: string,
  path: readonly string[],
): Promise<ServiceAnswer> {
  const person = findPerson(books, key);
  if (person === undefined) return userNotFound(key);
  const [kind, ...rest] = path;
  const sizeName = kind === 'photos' ? rest.shift() : undefined;
  const { photo } = person;
  if (photo === undefined) {
    const asksMetadata = kind === 'photo' && rest.length === 0;
    return asksMetadata && person.noPhotoAnswer === 'gif' ? placeholder(request, person) : notFound(person);
  }
  const side = sizeName === undefined ? undefined : /^(\d+)x\1$/i.exec(sizeName)?.[1];
  const known = sizeName === undefined || offeredSides(photo).some((offered) => String(offered) === side);
  if (!known) return graphError(404, 'ImageNotFound', NOT_FOUND);
  const size = side === undefined ? undefined : Number(side);
  if (rest[0] !== '$value') return metadata(request, person, photo, size);
  return {
    status: 200,
    headers: { 'Content-Type': photo.contentType, ETag: photo.etag, 'Cache-Control': 'private' },
    body: await pictures.rendition(photo, size ?? 'original'),
  };
}

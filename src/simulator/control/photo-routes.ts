import type { Person, SizeLetter, SourcePhoto } from '../books';
import { accountNameOf } from '../people/sharepoint-state';
import { drawingOf } from '../pictures/drawings';
import {
  drawnPhoto,
  nextStamp,
  rawPhoto,
  STANDARD_SIDES,
  UnusableUpload,
  uploadedPhoto,
} from '../pictures/source-photo';
import { showsPicture, shownPicture } from '../sync/shown-picture';
import { ControlProblem } from './control-problem';
import { flagIn, numberIn, type ControlRequest, type ControlRoute } from './control-route';
import { personIn, type TenantParts } from './tenant-parts';

const USER = '[0-9a-fA-F-]{36}';

const RAW_SIDE = 648;

/** Another face than the one at hand, whatever the seed. */
function otherDrawing(person: Person, seed: string): string {
  const { photo } = person;
  const now = photo !== undefined && 'drawing' in photo.origin ? photo.origin.drawing : undefined;
  let drawing = drawingOf(seed);
  for (let next = 2; drawing === now; next++) drawing = drawingOf(`${seed} ${String(next)}`);
  return drawing;
}

async function newPhoto(
  { pictures, clock }: TenantParts,
  person: Person,
  request: ControlRequest,
): Promise<SourcePhoto> {
  const { query, body, contentType } = request;
  const seed = query.get('drawing');
  if (seed !== null) {
    const photo = drawnPhoto(otherDrawing(person, seed), nextStamp(person), clock.iso());
    // What is kept in the directory keeps the dimensions it had.
    const { width, height } = person.mailbox ? photo : (person.photo ?? photo);
    return { ...photo, width, height };
  }
  if (body.length === 0) throw new ControlProblem(400, 'Send a picture as the body, or ?drawing=<seed>.');
  const key = await pictures.keep(body);
  if (flagIn(query, 'raw') === true) {
    const claimed = {
      width: numberIn(query, 'width', RAW_SIDE),
      height: numberIn(query, 'height', RAW_SIDE),
      contentType: query.get('contentType') ?? (contentType === '' ? 'image/jpeg' : contentType),
    };
    return rawPhoto(key, person, claimed, clock.iso());
  }
  try {
    return await uploadedPhoto(body, key, person, clock.iso());
  } catch (error) {
    if (error instanceof UnusableUpload) throw new ControlProblem(415, error.message);
    throw error;
  }
}

function renditionAsked(query: URLSearchParams): number | 'original' {
  const size = query.get('size') ?? 'original';
  const side = STANDARD_SIDES.find((standard) => String(standard) === size);
  if (size === 'original') return size;
  if (side === undefined)
    throw new ControlProblem(400, `"size" has to be original or one of ${STANDARD_SIDES.join(', ')}.`);
  return side;
}

export function photoRoutes(parts: TenantParts): ControlRoute[] {
  const { books, pictures, hashes, changes } = parts;
  return [
    {
      method: 'PUT',
      path: new RegExp(`^users/(${USER})/photo$`),
      run: async (request) => {
        const person = personIn(parts, request.params[0]);
        const photo = await newPhoto(parts, person, request);
        changes.setPhoto(person, photo, flagIn(request.query, 'notify'));
        return { json: { etag: photo.etag } };
      },
    },
    {
      method: 'DELETE',
      path: new RegExp(`^users/(${USER})/photo$`),
      run: ({ params, query }) => {
        const person = personIn(parts, params[0]);
        if (person.photo !== undefined) changes.setPhoto(person, undefined, flagIn(query, 'notify'));
        return { json: { etag: null } };
      },
    },
    {
      method: 'GET',
      path: new RegExp(`^users/(${USER})/photo$`),
      run: async ({ params, query }) => {
        const { photo } = personIn(parts, params[0]);
        if (photo === undefined) throw new ControlProblem(404, 'This person has no photo.');
        const bytes = await pictures.rendition(photo, renditionAsked(query));
        // Raw bytes may claim to be anything; a browser must not take them for a page or a script.
        const contentType = /^image\/(jpeg|png)$/.test(photo.contentType)
          ? photo.contentType
          : 'application/octet-stream';
        return { bytes, contentType, etag: photo.etag };
      },
    },
    {
      method: 'GET',
      path: new RegExp(`^users/(${USER})/sharepoint-picture$`),
      run: async ({ params, query }) => {
        const profile = books.profiles.get(accountNameOf(personIn(parts, params[0]).userPrincipalName));
        const shown = profile === undefined ? undefined : shownPicture(books, profile);
        const letter = (query.get('size') ?? 'L').toUpperCase() as SizeLetter;
        const file = shown !== undefined && showsPicture(shown) ? shown.files[letter] : undefined;
        if (file === undefined) throw new ControlProblem(404, 'SharePoint shows no picture of this person.');
        const bytes = await pictures.read(file.key);
        const contentType = bytes.toString('latin1', 1, 4) === 'PNG' ? 'image/png' : 'image/jpeg';
        return { bytes, contentType, etag: `"${file.sha256}"` };
      },
    },
    {
      method: 'GET',
      path: new RegExp(`^users/(${USER})/renditions$`),
      run: async ({ params, query }) => {
        const { photo, formerPhotos = [] } = personIn(parts, params[0]);
        const told = async (one: SourcePhoto) => ({ etag: one.etag, sha256: await hashes.all(one) });
        const current = photo === undefined ? { etag: null, sha256: {} } : await told(photo);
        if (flagIn(query, 'former') !== true) return { json: current };
        return { json: { ...current, former: await Promise.all(formerPhotos.map(told)) } };
      },
    },
  ];
}

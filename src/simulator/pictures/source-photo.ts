import sharp from 'sharp';
import type { Person, SourcePhoto } from '../books';
import { sha256 } from './blob-folder';
import { drawingOf } from './drawings';

/**
 * The sizes Graph makes of a photo kept in Microsoft 365, smallest first.
 * https://learn.microsoft.com/graph/api/profilephoto-get
 */
export const STANDARD_SIDES = [48, 64, 96, 120, 240, 360, 432, 504, 648] as const;

export class UnusableUpload extends Error {}

/** Graph's `@odata.mediaEtag`: a hash in quotes, other for every photo a person ever has. */
function etagOf(...parts: string[]): string {
  return `"${sha256(parts.join('\n')).toUpperCase()}"`;
}

/** Which of a person's photos the next one is: former ones stay counted, so that no etag comes back. */
export function nextStamp(person: Person): string {
  return `${person.id} photo ${String(person.formerEtags.length + (person.photo === undefined ? 1 : 2))}`;
}

export function drawnPhoto(seed: string, stamp: string, changedAt: string): SourcePhoto {
  const drawing = drawingOf(seed);
  return {
    etag: etagOf(drawing, stamp),
    origin: { drawing, stamp },
    width: 648,
    height: 648,
    contentType: 'image/jpeg',
    changedAt,
  };
}

/** A photo with a mailbox behind it becomes a standard square; one stored in the directory keeps its dimensions. */
export async function uploadedPhoto(
  bytes: Buffer,
  key: string,
  person: Person,
  changedAt: string,
): Promise<SourcePhoto> {
  const { width, height, format } = await sharp(bytes)
    .metadata()
    .catch(() => {
      throw new UnusableUpload('This is not a picture that can be read: send a JPEG or PNG file.');
    });
  if (format !== 'jpeg' && format !== 'png')
    throw new UnusableUpload(`Send a JPEG or PNG file, not ${format}.`);
  // Read to its end: of a file that was cut off no size could be made, and every list of people would fail.
  await sharp(bytes)
    .stats()
    .catch(() => {
      throw new UnusableUpload('This picture is damaged or cut off: send a whole JPEG or PNG file.');
    });
  const shorter = Math.min(width, height);
  const side = STANDARD_SIDES.findLast((standard) => standard <= shorter) ?? STANDARD_SIDES[0];
  const stamp = nextStamp(person);
  return {
    etag: etagOf(key, stamp),
    origin: { upload: key, stamp },
    width: person.mailbox ? side : width,
    height: person.mailbox ? side : height,
    contentType: `image/${format}`,
    changedAt,
  };
}

/** Bytes served as they are, as the photo and as each of its renditions: for broken pictures. */
export function rawPhoto(
  key: string,
  person: Person,
  claimed: { width: number; height: number; contentType: string },
  changedAt: string,
): SourcePhoto {
  return { etag: etagOf(key, nextStamp(person)), origin: { raw: key }, ...claimed, changedAt };
}

/** The standard sides Graph offers of this photo; none of a photo stored in the directory with other dimensions. */
export function offeredSides(photo: SourcePhoto): number[] {
  const standard = photo.width === photo.height && STANDARD_SIDES.some((side) => side === photo.width);
  return standard ? STANDARD_SIDES.filter((side) => side <= photo.width) : [];
}

import type { PictureStore, SizeLetter, SourcePhoto } from '../books';
import { sha256 } from '../pictures/blob-folder';
import { Remembered } from '../pictures/remembered';
import { offeredSides } from '../pictures/source-photo';

export type RenditionName = number | 'original';

/** Those an app would copy come first, so that the rest need not be drawn to recognise one. */
const LIKELY_FIRST: readonly RenditionName[] = [48, 96, 360, 'original'];

export function renditionNames(photo: SourcePhoto): RenditionName[] {
  return [...new Set<RenditionName>([...LIKELY_FIRST, ...offeredSides(photo)])].filter(
    (name) => name === 'original' || offeredSides(photo).includes(name),
  );
}

/** SHA-256 of pictures, each made once. */
export class PhotoHashes {
  private readonly known = new Remembered<string>(20_000);

  constructor(private readonly pictures: PictureStore) {}

  rendition(photo: SourcePhoto, name: RenditionName): Promise<string> {
    return this.known.get(`${photo.etag} ${String(name)}`, async () =>
      sha256(await this.pictures.rendition(photo, name)),
    );
  }

  nativeThumbnail(photo: SourcePhoto, letter: SizeLetter): Promise<string> {
    return this.known.get(`${photo.etag} thumbnail ${letter}`, async () =>
      sha256(await this.pictures.nativeThumbnail(photo, letter)),
    );
  }

  /** By size: `{"48": …, "original": …}`. */
  async all(photo: SourcePhoto): Promise<Record<string, string>> {
    const entries = renditionNames(photo).map(
      async (name) => [String(name), await this.rendition(photo, name)] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  async isRendition(photo: SourcePhoto, hash: string): Promise<boolean> {
    for (const name of renditionNames(photo)) if ((await this.rendition(photo, name)) === hash) return true;
    return false;
  }
}

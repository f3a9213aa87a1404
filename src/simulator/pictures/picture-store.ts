import sharp from 'sharp';
import type { PictureStore, SizeLetter, SourcePhoto } from '../books';
import { draw } from './drawings';
import type { BlobFolder } from './blob-folder';
import type { DrawingFolder } from './drawing-folder';
import { Remembered } from './remembered';
import { stampPicture } from './stamp-picture';

/** What SharePoint's own pull makes of a photo; the sizes are those of the classic uploaders. */
const THUMBNAIL_SIDES: Record<SizeLetter, number> = { S: 48, M: 72, L: 200 };

const FULL_SIDE = 648;

/** Where a native thumbnail's bytes come from, as a key for `read`: they are drawn when somebody asks. */
export function thumbnailKey(drawing: string, stamp: string, letter: SizeLetter): string {
  return `thumbnail/${letter}/${drawing}/${stamp}`;
}

const isPng = (contentType: string): boolean => contentType === 'image/png';

async function scale(bytes: Buffer, width: number, height: number, contentType: string): Promise<Buffer> {
  const image = sharp(bytes).resize(width, height, { fit: 'cover' });
  return (isPng(contentType) ? image.png() : image.jpeg({ quality: 85 })).toBuffer();
}

/** A picture's bytes: drawn or scaled once, then stamped for the photo at hand. */
export class Pictures implements PictureStore {
  private readonly drawn = new Remembered<Buffer>(3_000);
  private readonly scaled = new Remembered<Buffer>(300);

  constructor(
    private readonly blobs: BlobFolder,
    private readonly drawings: DrawingFolder,
  ) {}

  async rendition(photo: SourcePhoto, size: number | 'original'): Promise<Buffer> {
    const { origin } = photo;
    if ('raw' in origin) return this.blobs.read(origin.raw);
    const [width, height] = size === 'original' ? [photo.width, photo.height] : [size, size];
    const bytes =
      'drawing' in origin
        ? await this.scaledDrawing(origin.drawing, width, height, photo.contentType)
        : await this.scaledUpload(origin.upload, width, height, photo.contentType);
    return stampPicture(bytes, origin.stamp);
  }

  async nativeThumbnail(photo: SourcePhoto, letter: SizeLetter): Promise<Buffer> {
    const { origin } = photo;
    if ('drawing' in origin) return this.read(thumbnailKey(origin.drawing, origin.stamp, letter));
    const side = THUMBNAIL_SIDES[letter];
    const source = 'raw' in origin ? origin.raw : origin.upload;
    const bytes = await this.scaled.get(`${source}/thumbnail/${letter}`, async () =>
      scale(await this.blobs.read(source), side, side, 'image/jpeg'),
    );
    return stampPicture(bytes, `${photo.etag} thumbnail ${letter}`);
  }

  keep(bytes: Buffer): Promise<string> {
    return this.blobs.keep(bytes);
  }

  async read(key: string): Promise<Buffer> {
    const [, letter, drawing, stamp] = /^thumbnail\/([SML])\/([^/]+)\/(.*)$/.exec(key) ?? [];
    if (letter === undefined || drawing === undefined) return this.blobs.read(key);
    const side = THUMBNAIL_SIDES[letter as SizeLetter];
    const bytes = await this.drawingOnce(`${drawing}/thumbnail/${letter}`, async () =>
      // Drawn small at once: at the first start this happens for everybody.
      letter === 'L'
        ? draw(drawing, side)
        : scale(await this.read(`thumbnail/L/${drawing}/`), side, side, 'image/jpeg'),
    );
    return stamp === '' ? bytes : stampPicture(bytes, `${stamp ?? ''} thumbnail ${letter}`);
  }

  private drawingOnce(name: string, make: () => Promise<Buffer>): Promise<Buffer> {
    return this.drawn.get(name, () => this.drawings.get(name, make));
  }

  private scaledDrawing(
    drawing: string,
    width: number,
    height: number,
    contentType: string,
  ): Promise<Buffer> {
    return this.drawingOnce(`${drawing}/${String(width)}x${String(height)}/${contentType}`, async () => {
      const full = await this.drawingOnce(`${drawing}/full`, () => draw(drawing, FULL_SIDE));
      const asDrawn = width === FULL_SIDE && height === FULL_SIDE && !isPng(contentType);
      return asDrawn ? full : scale(full, width, height, contentType);
    });
  }

  private scaledUpload(key: string, width: number, height: number, contentType: string): Promise<Buffer> {
    return this.scaled.get(`${key}/${String(width)}x${String(height)}/${contentType}`, async () => {
      const bytes = await this.blobs.read(key);
      const is = await sharp(bytes).metadata();
      const asUploaded =
        is.width === width && is.height === height && isPng(contentType) === (is.format === 'png');
      return asUploaded ? bytes : scale(bytes, width, height, contentType);
    });
  }
}

import type { PictureSize, SizeLetter } from '../../../src/photos/picture-sizes';
import { tinyJpeg } from './tiny-jpeg';

/** Photos of several kinds, and which of Graph's renditions SharePoint is to show of each. */
const kinds = {
  large: { width: 648, height: 648, S: 48, M: 96, L: 360 },
  middling: { width: 240, height: 240, S: 48, M: 96, L: 240 },
  small: { width: 64, height: 64, S: 48, M: 64, L: 64 },
  // Kept in the directory, where there are no renditions: the photo itself serves all three.
  oblong: { width: 300, height: 200, S: 'original', M: 'original', L: 'original' },
  'without renditions': { width: 96, height: 96, S: 'original', M: 'original', L: 'original' },
} as const satisfies Record<string, { width: number; height: number } & Record<SizeLetter, PictureSize>>;

export type PhotoKind = keyof typeof kinds;
export const photoKinds = Object.keys(kinds) as PhotoKind[];

/** One photo that a person has had. Each has an etag of its own. */
export class Photo {
  readonly etag: string;
  readonly width: number;
  readonly height: number;

  constructor(
    readonly personId: string,
    readonly number: number,
    private readonly kind: PhotoKind,
  ) {
    this.etag = `"${personId} ${String(number)}"`;
    ({ width: this.width, height: this.height } = kinds[kind]);
  }

  /** What Graph serves when it is asked for this size. */
  rendition(size: PictureSize): Buffer {
    const served = this.kind === 'without renditions' ? 'original' : size;
    const text = `${this.etag} ${this.kind} ${String(served)}`;
    const known = made.get(text);
    if (known) return known;
    const [width, height] = served === 'original' ? [this.width, this.height] : [served, served];
    const bytes = tinyJpeg(width, height, text);
    made.set(text, bytes);
    return bytes;
  }

  /** What SharePoint is to hold in the end. */
  shown(letter: SizeLetter): Buffer {
    return this.rendition(kinds[this.kind][letter]);
  }
}

/** The same few pictures serve all schedules. */
const made = new Map<string, Buffer>();

/** What the bytes of a picture are, by what they say themselves; names and content types prove nothing. */
export type PictureCheck =
  | { usable: true; type: 'image/jpeg' | 'image/png'; width: number; height: number }
  | { usable: false; problem: string };

const maximumPixels = 4096;

/**
 * Reads the header and checks that the picture is whole. It is never decoded: the pictures are copied unaltered, so
 * nothing here can be made to unpack a bomb.
 */
export function checkPicture(bytes: Buffer | 'too-large' | undefined): PictureCheck {
  if (bytes === 'too-large') return unusable('it is larger than 8 MB');
  if (!bytes || bytes.byteLength === 0) return unusable('it is empty or not an image');
  const size = isPng(bytes) ? pngSize(bytes) : isJpeg(bytes) ? jpegSize(bytes) : undefined;
  if (size === undefined) return unusable('it is neither JPEG nor PNG');
  if (size === 'broken') return unusable('it is cut off or broken');
  if (size.width < 1 || size.height < 1) return unusable('it has no width or height');
  if (size.width > maximumPixels || size.height > maximumPixels) {
    return unusable(
      `it is ${String(size.width)} x ${String(size.height)} pixels, over the limit of ${String(maximumPixels)}`,
    );
  }
  return { usable: true, type: isPng(bytes) ? 'image/png' : 'image/jpeg', ...size };
}

type Size = { width: number; height: number } | 'broken';

const unusable = (problem: string): PictureCheck => ({ usable: false, problem });

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const pngEnd = Buffer.from([0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

const isPng = (bytes: Buffer) => bytes.subarray(0, 8).equals(pngSignature);
const isJpeg = (bytes: Buffer) => bytes.length > 3 && bytes.readUIntBE(0, 3) === 0xffd8ff;

/** https://www.w3.org/TR/png-3/ */
function pngSize(bytes: Buffer): Size {
  const hasHeader = bytes.length >= 33 && bytes.toString('latin1', 12, 16) === 'IHDR';
  if (!hasHeader || bytes.lastIndexOf(pngEnd) < 33) return 'broken';
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Walks the segments to the frame header (any coding, any colour model) and on to the end of the image. */
function jpegSize(bytes: Buffer): Size {
  let size: Size = 'broken';
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    if (isFrameHeader(marker) && at + 9 <= bytes.length) {
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    // After the start of scan comes coded data, in which 0xff 0xd9 can only be the end of the image.
    if (marker === 0xda)
      return bytes.indexOf(Buffer.from([0xff, 0xd9]), at + 2 + length) > 0 ? size : 'broken';
    at += 2 + length;
  }
  return 'broken';
}

/** SOF0 to SOF15, without the three markers among them that are tables. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

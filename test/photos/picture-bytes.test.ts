import sharp from 'sharp';
import { checkPicture } from '../../src/photos/picture-bytes';
import { pngEnd, pngHeader, samplePicture } from '../support/sample-pictures';

const problemOf = (bytes: Buffer | 'too-large' | undefined) => {
  const check = checkPicture(bytes);
  return check.usable ? 'none' : check.problem;
};

/** A JPEG of segments that hold nothing but their length, for what no encoder makes. */
const segment = (marker: number, ...content: number[]) =>
  Buffer.from([0xff, marker, 0, content.length + 2, ...content]);
const start = Buffer.from([0xff, 0xd8]);
const end = Buffer.from([0xff, 0xd9]);
const frame = (width: number, height: number) =>
  segment(0xc0, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0);
const scan = Buffer.concat([segment(0xda, 1, 1, 0, 0, 63, 0), Buffer.from([0x12, 0xff, 0x00, 0x34])]);

describe('A picture is usable', () => {
  it.each([
    { when: 'a JPEG', make: () => samplePicture(360).jpeg(), type: 'image/jpeg' },
    {
      when: 'a progressive JPEG',
      make: () => samplePicture(360).jpeg({ progressive: true }),
      type: 'image/jpeg',
    },
    {
      when: 'a JPEG of an optimising encoder',
      make: () => samplePicture(360).jpeg({ mozjpeg: true }),
      type: 'image/jpeg',
    },
    {
      when: 'a JPEG in CMYK',
      make: () => samplePicture(360).toColourspace('cmyk').jpeg(),
      type: 'image/jpeg',
    },
    { when: 'a grey JPEG', make: () => samplePicture(360).greyscale().jpeg(), type: 'image/jpeg' },
    {
      when: 'a JPEG with EXIF and a colour profile',
      make: () =>
        samplePicture(360)
          .withMetadata({ exif: { IFD0: { Artist: 'A' } } })
          .jpeg(),
      type: 'image/jpeg',
    },
    {
      when: 'a JPEG of the lowest quality',
      make: () => samplePicture(360).jpeg({ quality: 1 }),
      type: 'image/jpeg',
    },
    { when: 'a PNG', make: () => samplePicture(360).png(), type: 'image/png' },
    {
      when: 'a PNG with a palette',
      make: () => samplePicture(360).png({ palette: true }),
      type: 'image/png',
    },
    {
      when: 'a PNG with transparency',
      make: () => samplePicture(360).ensureAlpha(0.5).png(),
      type: 'image/png',
    },
    {
      when: 'an interlaced PNG',
      make: () => samplePicture(360).png({ progressive: true }),
      type: 'image/png',
    },
  ])('as $when', async ({ make, type }) => {
    expect(checkPicture(await make().toBuffer())).toEqual({ usable: true, type, width: 360, height: 360 });
  });

  it('with the sizes that its header says', async () => {
    for (const format of ['jpeg', 'png'] as const) {
      const bytes = await samplePicture(120, 77).toFormat(format).toBuffer();
      expect(checkPicture(bytes)).toMatchObject({ width: 120, height: 77 });
    }
  });

  it('of 4,096 pixels a side', () => {
    expect(checkPicture(Buffer.concat([pngHeader(4096, 4096), pngEnd]))).toMatchObject({ usable: true });
    expect(checkPicture(Buffer.concat([start, frame(4096, 4096), scan, end]))).toMatchObject({
      usable: true,
    });
  });

  it('with a thumbnail in it, itself a whole JPEG of another size', async () => {
    const thumbnail = await samplePicture(16).jpeg({ quality: 10 }).toBuffer();
    const jpeg = await samplePicture(360).jpeg().toBuffer();
    const length = Buffer.alloc(4);
    length.writeUInt16BE(0xffe1, 0);
    length.writeUInt16BE(thumbnail.length + 2, 2);
    const bytes = Buffer.concat([start, length, thumbnail, jpeg.subarray(2)]);
    expect(checkPicture(bytes)).toMatchObject({ usable: true, width: 360 });
    expect(problemOf(bytes.subarray(0, thumbnail.length + 200))).toBe('it is cut off or broken');
  });

  it('with fill bytes between its segments', () => {
    const fill = Buffer.from([0xff, 0xff, 0xff]);
    expect(checkPicture(Buffer.concat([start, fill, frame(64, 48), fill, scan, end]))).toMatchObject({
      usable: true,
      width: 64,
      height: 48,
    });
  });

  it.each([
    { when: 'a JPEG that is a ZIP too', tail: Buffer.from('PK\u0003\u0004…PK\u0005\u0006') },
    { when: 'a JPEG with a script behind it', tail: Buffer.from('<script>alert(1)</script>') },
  ])('as what its first bytes say: $when', async ({ tail }) => {
    const jpeg = await samplePicture(48).jpeg().toBuffer();
    expect(checkPicture(Buffer.concat([jpeg, tail]))).toMatchObject({ usable: true, type: 'image/jpeg' });
  });
});

describe('A picture is refused', () => {
  it.each([
    { when: 'none came', bytes: undefined, then: 'it is empty or not an image' },
    { when: 'nothing came', bytes: Buffer.alloc(0), then: 'it is empty or not an image' },
    { when: 'too much came', bytes: 'too-large' as const, then: 'it is larger than 8 MB' },
    { when: 'it is one byte', bytes: Buffer.from([0xff]), then: 'it is neither JPEG nor PNG' },
    {
      when: 'it is HTML',
      bytes: Buffer.from('<!doctype html><title>Sign in</title>'),
      then: 'it is neither JPEG nor PNG',
    },
    {
      when: 'it is SVG',
      bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      then: 'it is neither JPEG nor PNG',
    },
    { when: 'it is JSON', bytes: Buffer.from('{"error":{"code":"x"}}'), then: 'it is neither JPEG nor PNG' },
    {
      when: 'it is the 1x1 GIF',
      bytes: Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64'),
      then: 'it is neither JPEG nor PNG',
    },
    { when: 'it is a BMP', bytes: Buffer.from('BM\u0000\u0000'), then: 'it is neither JPEG nor PNG' },
    {
      when: 'a space stands before the JPEG',
      bytes: Buffer.concat([Buffer.from(' '), start, frame(8, 8), scan, end]),
      then: 'it is neither JPEG nor PNG',
    },
    {
      when: 'it is a GIF first and a JPEG then',
      bytes: Buffer.concat([Buffer.from('GIF89a'), start, frame(8, 8), scan, end]),
      then: 'it is neither JPEG nor PNG',
    },
    {
      when: 'it is HTML first and a PNG then',
      bytes: Buffer.concat([Buffer.from('<html>'), pngHeader(8, 8), pngEnd]),
      then: 'it is neither JPEG nor PNG',
    },
    {
      when: 'a PNG has the line ends of a text transfer',
      bytes: Buffer.from('89504e470a1a0a', 'hex'),
      then: 'it is neither JPEG nor PNG',
    },
    {
      when: 'a PNG begins with another chunk',
      bytes: Buffer.concat([
        Buffer.from(pngHeader(8, 8).toString('latin1').replace('IHDR', 'tEXt'), 'latin1'),
        pngEnd,
      ]),
      then: 'it is cut off or broken',
    },
    { when: 'a PNG has no end', bytes: pngHeader(8, 8), then: 'it is cut off or broken' },
    {
      when: 'a JPEG has no frame',
      bytes: Buffer.concat([start, scan, end]),
      then: 'it is cut off or broken',
    },
    {
      when: 'a JPEG has tables where the frame should be',
      bytes: Buffer.concat([start, segment(0xc4, ...new Array<number>(9).fill(1)), scan, end]),
      then: 'it is cut off or broken',
    },
    {
      when: 'a JPEG has no scan',
      bytes: Buffer.concat([start, frame(8, 8), end]),
      then: 'it is cut off or broken',
    },
    {
      when: 'a JPEG’s segment reaches past the end',
      bytes: Buffer.concat([start, frame(8, 8), Buffer.from([0xff, 0xe0, 0xff, 0xff, 1])]),
      then: 'it is cut off or broken',
    },
    {
      when: 'a JPEG’s segment has the length 0',
      bytes: Buffer.concat([start, Buffer.from([0xff, 0xe0, 0, 0]), frame(8, 8), scan, end]),
      then: 'it is cut off or broken',
    },
    {
      when: 'a JPEG is 0 pixels high',
      bytes: Buffer.concat([start, frame(8, 0), scan, end]),
      then: 'it has no width or height',
    },
    {
      when: 'a PNG is 0 pixels wide',
      bytes: Buffer.concat([pngHeader(0, 8), pngEnd]),
      then: 'it has no width or height',
    },
    {
      when: 'a PNG is 16,000 pixels a side',
      bytes: Buffer.concat([pngHeader(16_000, 16_000), pngEnd]),
      then: 'it is 16000 x 16000 pixels, over the limit of 4096',
    },
    {
      when: 'a PNG is 4,097 pixels high',
      bytes: Buffer.concat([pngHeader(1, 4097), pngEnd]),
      then: 'it is 1 x 4097 pixels, over the limit of 4096',
    },
    {
      when: 'a PNG says the largest size there is',
      bytes: Buffer.concat([pngHeader(0xffffffff, 1), pngEnd]),
      then: 'it is 4294967295 x 1 pixels, over the limit of 4096',
    },
    {
      when: 'a JPEG is 65,535 pixels wide',
      bytes: Buffer.concat([start, frame(65_535, 9), scan, end]),
      then: 'it is 65535 x 9 pixels, over the limit of 4096',
    },
  ])('because $then when $when', ({ bytes, then }) => {
    expect(problemOf(bytes)).toBe(then);
  });

  it.each([
    { when: 'a JPEG', make: () => samplePicture(360).jpeg() },
    { when: 'a progressive JPEG', make: () => samplePicture(360).jpeg({ progressive: true }) },
    { when: 'a JPEG in CMYK', make: () => samplePicture(200).toColourspace('cmyk').jpeg() },
    { when: 'a PNG', make: () => samplePicture(120).png() },
    { when: 'an interlaced PNG', make: () => samplePicture(120).png({ progressive: true }) },
  ])('when it is $when that is cut off, wherever', async ({ make }) => {
    const whole = await make().toBuffer();
    expect(problemOf(whole)).toBe('none');
    for (let length = 0; length < whole.length; length++) {
      if (problemOf(whole.subarray(0, length)) === 'none')
        throw new Error(`It passes with ${String(length)} bytes.`);
    }
  });

  it('within a second, whatever its 8 MB are', async () => {
    const noise = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const kinds = [
      Buffer.alloc(0),
      noise.subarray(0, -2),
      pngHeader(8, 8),
      Buffer.concat([start, frame(8, 8), scan]),
    ];
    const started = performance.now();
    for (const head of kinds) {
      for (const fill of [0x00, 0xff, 0x41]) problemOf(Buffer.concat([head, Buffer.alloc(8_388_608, fill)]));
    }
    expect((performance.now() - started) / (kinds.length * 3)).toBeLessThan(1000);
  });
});

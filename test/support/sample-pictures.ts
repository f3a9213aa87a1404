import sharp from 'sharp';

/** A picture with enough going on in it that no encoder makes it trivial. */
export function samplePicture(width: number, height = width) {
  const stripes = Array.from(
    { length: 12 },
    (_, n) =>
      `<circle cx="${String(n * 9)}%" cy="${String((n * 37) % 100)}%" r="${String(4 + n)}%" fill="hsl(${String(n * 30)} 80% 50%)"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}"><rect width="100%" height="100%" fill="#246"/>${stripes.join('')}</svg>`;
  return sharp(Buffer.from(svg)).flatten();
}

/** The first 33 bytes of a PNG: signature and header, saying these sizes. */
export function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(33);
  header.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  header.writeUInt32BE(13, 8);
  header.write('IHDR', 12, 'latin1');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return header;
}

/** The last chunk of every PNG. */
export const pngEnd = Buffer.from('0000000049454e44ae426082', 'hex');

/**
 * The smallest file whose header and end are those of a JPEG, with `text` as its comment, which makes it one of its
 * kind. It can't be decoded: nothing that copies a photo does.
 */
export function tinyJpeg(width: number, height: number, text: string): Buffer {
  const comment = Buffer.from(text, 'latin1');
  const frame = Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, comment.length + 2]),
    comment,
    frame,
    Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x2a, 0xff, 0xd9]),
  ]);
}

/** What was given as `text`, or undefined for a file that is none of these. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length < 6 || bytes[3] !== 0xfe) return undefined;
  const end = 4 + ((bytes[4] ?? 0) << 8) + (bytes[5] ?? 0);
  return Buffer.from(bytes.subarray(6, end)).toString('latin1');
}

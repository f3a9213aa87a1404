import * as z from 'zod';
import type { SizeLetter } from './picture-sizes';

/** Whose bytes a file holds: those last written, of an older photo, nobody's we know of; or there is no file. */
export type Bytes = 'written' | 'former' | 'foreign' | 'missing';

/** The columns of a person's row that know our bytes. */
export interface KnownBytes {
  writtenSha256: string;
  writingSha256: string;
  formerSha256: string;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const bySize = z.partialRecord(z.enum(['S', 'M', 'L']), hash);
const list = z.array(hash);

/**
 * @param sha256 of the file of this size, hex; undefined where there is none.
 * @param letter undefined for a file that is none of our three: only an older photo can be told there.
 */
export function decideBytes(
  row: KnownBytes,
  letter: SizeLetter | undefined,
  sha256: string | undefined,
): Bytes {
  if (sha256 === undefined) return 'missing';
  const written = parse(bySize, row.writtenSha256) ?? {};
  const isWritten = letter ? written[letter] === sha256 : Object.values(written).includes(sha256);
  if (isWritten) return 'written';
  // Bytes of a write that was begun and never closed, or of one before the last: a stalled request may bring them late.
  const older = [
    ...Object.values(parse(bySize, row.writingSha256) ?? {}),
    ...(parse(list, row.formerSha256) ?? []),
  ];
  return older.includes(sha256) ? 'former' : 'foreign';
}

/** Rows are untrusted: what can't be read is not known. */
function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

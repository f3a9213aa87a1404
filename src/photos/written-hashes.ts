import type { PersonRow } from '../storage/person-table';
import type { SizeLetter } from './picture-sizes';

/** SHA-256 of the three files of one write, hex. */
export type Hashes = Record<SizeLetter, string>;

type KnownHashes = Pick<PersonRow, 'writtenSha256' | 'writingSha256' | 'formerSha256'>;

const mostFormer = 30;

/** With the claim: from now on a file with these bytes is known as ours, however the write ends. */
export function hashesOfBegun(row: KnownHashes, begun: Hashes): Partial<PersonRow> {
  // What an earlier write has begun and never closed may lie in SharePoint in part.
  return { writingSha256: JSON.stringify(begun), formerSha256: former(row, row.writingSha256) };
}

/** At the close: these are the files that SharePoint has. @param row as it was claimed. */
export function hashesOfClosed(row: KnownHashes, written: Hashes): Partial<PersonRow> {
  const formerSha256 = former(row, row.writtenSha256);
  return { writtenSha256: JSON.stringify(written), writingSha256: '', formerSha256 };
}

/** When the files went: a request that stalled may still bring their bytes back, which are then known as ours. */
export function hashesOfRemoved(row: KnownHashes): Partial<PersonRow> {
  const formerSha256 = former(row, row.writingSha256, row.writtenSha256);
  return { writtenSha256: '', writingSha256: '', formerSha256 };
}

/** Whether earlier pictures of ours were replaced or taken away. */
export const hasFormer = ({ formerSha256 }: Pick<PersonRow, 'formerSha256'>) =>
  hashesIn(formerSha256).length > 0;

function former(row: KnownHashes, ...more: string[]): string {
  const all = [row.formerSha256, ...more].flatMap(hashesIn);
  // The latest stay, each once.
  return JSON.stringify([...new Set(all.reverse())].slice(0, mostFormer).reverse());
}

/** Rows are untrusted: what can't be read is not known. */
function hashesIn(json: string): string[] {
  try {
    const values: unknown[] = Object.values(JSON.parse(json) as object);
    return values.filter((value): value is string => typeof value === 'string');
  } catch {
    return [];
  }
}

import { createHash } from 'node:crypto';
import type { BeforeRequest } from '../tenant/sharepoint-client';
import type { ProfileStore } from '../tenant/sharepoint';
import { decideBytes, type Bytes, type KnownBytes } from './decide-bytes';
import { pictureFileName } from './picture-names';
import { sizeLetters, type SizeLetter } from './picture-sizes';

/** @returns lower-case hex; undefined where there is no file. A file too large to be ours has a hash that none of ours has. */
export function sha256Of(bytes: Buffer | 'too-large' | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  return bytes === 'too-large' ? bytes : createHash('sha256').update(bytes).digest('hex');
}

/** Whose bytes our three files of a person hold. One request each. @throws ServiceFailure */
export async function readOurFiles(
  profiles: Pick<ProfileStore, 'readPicture'>,
  at: { mySiteUrl: string; folder: string; personId: string },
  row: KnownBytes,
  before?: BeforeRequest,
): Promise<Map<SizeLetter, Bytes>> {
  const found = new Map<SizeLetter, Bytes>();
  for (const letter of sizeLetters) {
    const name = pictureFileName(at.personId, letter);
    const bytes = await profiles.readPicture(at.mySiteUrl, at.folder, name, before);
    found.set(letter, decideBytes(row, letter, sha256Of(bytes)));
  }
  return found;
}

/**
 * Moves our three files of a person into the site's recycle bin, each only if its bytes are known to be ours.
 * @returns why files stay, as a sentence; undefined where none does.
 * @throws ServiceFailure
 */
export async function recycleOurFiles(
  profiles: Pick<ProfileStore, 'readPicture' | 'recyclePicture'>,
  at: { mySiteUrl: string; folder: string; personId: string },
  row: KnownBytes,
  before?: BeforeRequest,
): Promise<string | undefined> {
  let stays: string | undefined;
  for (const [letter, bytes] of await readOurFiles(profiles, at, row, before)) {
    if (bytes === 'missing') continue;
    if (bytes === 'foreign') {
      stays = "Files of the app's name stay, since somebody else changed them.";
      continue;
    }
    const name = pictureFileName(at.personId, letter);
    const outcome = await profiles.recyclePicture(at.mySiteUrl, at.folder, name, before);
    if (outcome === 'retained')
      stays = "The app's files stay, since a retention policy or a lock keeps them.";
  }
  return stays;
}

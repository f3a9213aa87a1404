import { createHash } from 'node:crypto';
import { ServiceFailure } from '../errors';
import type { Pictures } from '../tenant/graph';
import type { Profile, ProfileStore } from '../tenant/sharepoint';
import { beginIn, type Begin } from './as-one-write';
import type { Claim } from './claim';
import { decideProfile, isSamePictureUrl, pictureProperties, propertyChanges } from './decide-profile';
import type { Plan } from './decide-photo';
import { checkPicture } from './picture-bytes';
import { pictureFileName, pictureUrl } from './picture-names';
import { sizeLetters, type PictureSize, type SizeLetter } from './picture-sizes';
import type { Hashes } from './written-hashes';

/** What goes into each of SharePoint's three files: a picture that was checked. */
export type Files = Record<SizeLetter, { bytes: Buffer; type: string }>;

/** @throws where a picture was not checked before. */
export function filesOf(pictures: Pictures, sizes: Record<SizeLetter, PictureSize>): Files {
  const file = (letter: SizeLetter) => {
    const bytes = pictures.get(sizes[letter]);
    const check = checkPicture(bytes);
    if (!check.usable || !Buffer.isBuffer(bytes))
      throw new Error('A picture that was not checked came to be written.');
    return { bytes, type: check.type };
  };
  return { S: file('S'), M: file('M'), L: file('L') };
}

export function hashesOf(files: Files): Hashes {
  const hash = (letter: SizeLetter) => createHash('sha256').update(files[letter].bytes).digest('hex');
  return { S: hash('S'), M: hash('M'), L: hash('L') };
}

/**
 * Puts the person's pictures into SharePoint: the profile is read and judged, then three files, then the properties.
 * The claim is checked right before each request.
 * @param deps.begin see asOneWrite: called right before each file is written.
 * @returns the plan that ended it, if any, and whether files were written by then.
 * @throws ClaimLost, WritingStopped, ServiceFailure
 */
export async function writePictures(
  deps: {
    profiles: ProfileStore;
    geos: readonly { mySiteUrl: string; adminUrl: string }[];
    begin: Begin;
  },
  claim: Claim,
  person: { id: string; userPrincipalName: string },
  files: Files,
): Promise<{ ended: Plan & { plan: 'defer' }; hasBegun: boolean } | undefined> {
  const { profiles, geos, begin } = deps;
  const before = () => claim.check();
  const beforeWriting = beginIn(claim, begin);
  const profile = await profiles.readProfile(person.userPrincipalName, before);
  const decided = decideProfile(person.id, profile, geos);
  if ('plan' in decided || !profile) return { ended: decided as Plan & { plan: 'defer' }, hasBegun: false };
  const { mySiteUrl, adminUrl } = decided.geo;

  const folder = await profiles.pictureFolder(mySiteUrl, before);
  const url = pictureUrl(mySiteUrl, folder, person.id);
  await keepEarlierProperties(claim, profile, url);

  for (const letter of sizeLetters) {
    const { bytes, type } = files[letter];
    const name = pictureFileName(person.id, letter);
    try {
      await profiles.putPicture(mySiteUrl, folder, name, bytes, type, beforeWriting);
    } catch (error) {
      if (letter === sizeLetters[0] && isRefusal(error)) begin(false);
      throw error;
    }
  }

  const changes = propertyChanges(profile, url);
  const outcome = await profiles.setProperties(adminUrl, profile.accountName, changes, before);
  if (outcome === 'set') return undefined;
  const reason = 'SharePoint has no profile for this person any more.';
  return { ended: { plan: 'defer', code: 'no-profile', reason }, hasBegun: true };
}

/** SharePoint has read the request and does not do it; of any other failure it can't be known. */
function isRefusal(error: unknown): boolean {
  const status = error instanceof ServiceFailure ? (error.status ?? 0) : 0;
  return status >= 400 && status < 500;
}

/** Before the first write only, so that the picture of before can be put back. */
async function keepEarlierProperties(claim: Claim, profile: Profile, url: string): Promise<void> {
  const earlier = pictureProperties(profile);
  if (claim.row.earlierProperties !== '' || isSamePictureUrl(earlier.PictureURL, url)) return;
  await claim.note({ earlierProperties: JSON.stringify(earlier) });
}

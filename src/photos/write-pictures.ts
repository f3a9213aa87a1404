import { createHash } from 'node:crypto';
import type { PersonRow } from '../storage/person-table';
import type { Pictures } from '../tenant/graph';
import type { Profile, ProfileStore } from '../tenant/sharepoint';
import type { Claim } from './claim';
import { decideProfile, isSamePictureUrl, pictureProperties, propertyChanges } from './decide-profile';
import type { Plan } from './decide-photo';
import { checkPicture } from './picture-bytes';
import { pictureFileName, pictureUrl } from './picture-names';
import { sizeLetters, type PictureSize, type SizeLetter } from './picture-sizes';

/**
 * Puts the person's pictures into SharePoint: the profile is read and judged, then three files, then the properties.
 * The claim is checked right before each request.
 * @returns what to add to the row, or the plan that ended it before anything was written.
 * @throws ClaimLost, WritingStopped, ServiceFailure
 */
export async function writePictures(
  deps: { profiles: ProfileStore; geos: readonly { mySiteUrl: string; adminUrl: string }[] },
  claim: Claim,
  person: { id: string; userPrincipalName: string },
  pictures: Pictures,
  sizes: Record<SizeLetter, PictureSize>,
): Promise<{ written: Partial<PersonRow> } | (Plan & { plan: 'defer' })> {
  const { profiles, geos } = deps;
  const before = () => claim.check();
  const profile = await profiles.readProfile(person.userPrincipalName, before);
  const decided = decideProfile(person.id, profile, geos);
  if ('plan' in decided || !profile) return decided as Plan & { plan: 'defer' };
  const { mySiteUrl, adminUrl } = decided.geo;

  const folder = await profiles.pictureFolder(mySiteUrl, before);
  const url = pictureUrl(mySiteUrl, folder, person.id);
  await keepEarlierProperties(claim, profile, url);

  const written: Partial<Record<SizeLetter, string>> = {};
  for (const letter of sizeLetters) {
    const bytes = pictures.get(sizes[letter]);
    const check = checkPicture(bytes);
    if (!check.usable || !Buffer.isBuffer(bytes))
      throw new Error('A picture that was not checked came to be written.');
    const name = pictureFileName(person.id, letter);
    await profiles.putPicture(mySiteUrl, folder, name, bytes, check.type, before);
    written[letter] = createHash('sha256').update(bytes).digest('hex');
  }

  const changes = propertyChanges(profile, url);
  const outcome = await profiles.setProperties(adminUrl, profile.accountName, changes, before);
  if (outcome === 'no-profile') {
    return {
      plan: 'defer',
      code: 'no-profile',
      reason: 'SharePoint has no profile for this person any more.',
    };
  }
  return { written: { writtenSha256: JSON.stringify(written) } };
}

/** Before the first write only, so that the picture of before can be put back. */
async function keepEarlierProperties(claim: Claim, profile: Profile, url: string): Promise<void> {
  const earlier = pictureProperties(profile);
  if (claim.row.earlierProperties !== '' || isSamePictureUrl(earlier.PictureURL, url)) return;
  await claim.note({ earlierProperties: JSON.stringify(earlier) });
}

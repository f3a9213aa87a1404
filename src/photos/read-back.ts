import type { ProfileStore } from '../tenant/sharepoint';
import type { Claim } from './claim';
import { decideProfile, isSamePictureUrl, pictureProperties } from './decide-profile';
import { pictureFileName, pictureUrl } from './picture-names';
import { sizeLetters } from './picture-sizes';
import { sha256Of } from './recycle-our-files';
import type { Hashes } from './written-hashes';

/**
 * Reads back what was just written. SharePoint answers a write with 200 before anybody has seen whether it keeps it, so
 * the first writes in a tenant are not trusted.
 * @param hashes of the three files.
 * @returns what differs, in words; undefined where nothing does.
 * @throws ClaimLost, WritingStopped, ServiceFailure
 */
export async function readBack(
  { profiles, geos }: { profiles: ProfileStore; geos: readonly { mySiteUrl: string; adminUrl: string }[] },
  claim: Claim,
  person: { id: string; userPrincipalName: string },
  hashes: Hashes,
): Promise<string | undefined> {
  const before = () => claim.check();
  const profile = await profiles.readProfile(person.userPrincipalName, before);
  const decided = decideProfile(person.id, profile, geos);
  if ('plan' in decided || !profile) return 'the profile is another';
  const { mySiteUrl } = decided.geo;
  const folder = await profiles.pictureFolder(mySiteUrl, before);
  const properties = pictureProperties(profile);
  if (!isSamePictureUrl(properties.PictureURL, pictureUrl(mySiteUrl, folder, person.id))) {
    return 'PictureURL does not lead to it';
  }
  if (properties['SPS-PicturePlaceholderState'] !== '0') return 'SPS-PicturePlaceholderState is not 0';
  for (const letter of sizeLetters) {
    const bytes = await profiles.readPicture(mySiteUrl, folder, pictureFileName(person.id, letter), before);
    if (!Buffer.isBuffer(bytes)) return `the ${letter} file is not there`;
    if (sha256Of(bytes) !== hashes[letter]) return `the ${letter} file has other bytes`;
  }
  return undefined;
}

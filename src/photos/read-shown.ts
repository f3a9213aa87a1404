import type { PersonRow } from '../storage/person-table';
import { decideBytes } from './decide-bytes';
import type { Shown } from './decide-check';
import { decideProfile, pictureProperties } from './decide-profile';
import { decideShown } from './decide-shown';
import { readOurFiles, sha256Of } from './recycle-our-files';
import type { ApplyDeps } from './run';

/**
 * Reads what a person's SharePoint profile shows, and whose bytes that is. Two requests, and one for each file.
 * @returns `at`: SharePoint's time, where it has a profile; undefined where there is no account.
 * @throws ServiceFailure
 */
export async function readShown(
  { photos, profiles, settings }: Pick<ApplyDeps, 'photos' | 'profiles' | 'settings'>,
  personId: string,
  row: PersonRow,
): Promise<{ shown: Shown; at: Date | undefined } | undefined> {
  const { account } = await photos.readAccountAndPictures(personId, []);
  if (!account) return undefined;
  const profile = await profiles.readProfile(account.userPrincipalName);
  const decided = decideProfile(personId, profile, settings.geos);
  if (!profile || 'plan' in decided) {
    const reason = 'plan' in decided ? decided.reason : 'SharePoint has no profile for this person.';
    return { shown: { by: 'no-profile', reason }, at: profile?.readAt };
  }
  const properties = pictureProperties(profile);
  const where = decideShown(personId, properties.PictureURL, settings.geos);
  const at = profile.readAt;
  if (where.by === 'us') {
    const files = await readOurFiles(profiles, { ...where, personId }, row);
    const isPlaceholder = properties['SPS-PicturePlaceholderState'] === '1';
    return { shown: { by: 'us', isPlaceholder, files: [...files.values()] }, at };
  }
  if (where.by !== 'other-file') return { shown: where, at };
  const bytes = await profiles.readPictureAt(where.mySiteUrl, where.path);
  return { shown: { by: 'other-file', bytes: decideBytes(row, undefined, sha256Of(bytes)) }, at };
}

import { isSamePictureUrl, pictureProperties, propertyChanges } from '../photos/decide-profile';
import type { Claim } from '../photos/claim';
import { pictureFileName, pictureUrl } from '../photos/picture-names';
import { sizeLetters, type SizeLetter } from '../photos/picture-sizes';
import { readOurFiles, sha256Of } from '../photos/recycle-our-files';
import { hashesOf, type Files } from '../photos/write-pictures';
import { hashesOfBegun } from '../photos/written-hashes';
import type { PropertyChanges } from '../tenant/profile-properties';
import { decideTrial, type TrialKind } from './decide-trial';
import { ok, StepFailed, type DoctorDeps, type Finding } from './doctor-deps';
import { rowOf, type Target } from './find-target';
import { trialColumn } from './open-trial';
import { claimForTrial } from './undo-trial';

/** A trial at work: what is written, and what is expected to be read. */
export interface Trial {
  target: Target;
  folder: string;
  kind: TrialKind;
  claim: Claim;
  files: Files;
  changes: PropertyChanges;
}

/**
 * Decides what to write, and claims the person: from here on `undoTrial` has something to do.
 * @throws StepFailed, ServiceFailure
 */
export async function beginTrial(
  deps: DoctorDeps,
  requestId: string,
  target: Target,
  folder: string,
): Promise<Trial> {
  const { profiles } = deps;
  const { id, mySiteUrl, profile, shown, earlier, reading } = target;
  const row = rowOf(target);
  const present = await readOurFiles(profiles, { mySiteUrl, folder, personId: id }, row);
  const decided = decideTrial({ row: reading.row, shown, files: [...present.values()] });
  if ('refused' in decided) throw new StepFailed(`${decided.refused} Name another person with --user.`);
  const { kind } = decided;
  if (kind === 'new' && earlier?.kind === 'file') {
    if ((await profiles.readPictureAt(earlier.mySiteUrl, earlier.path)) === undefined) {
      throw new StepFailed(
        'The picture that SharePoint shows now has no file, so it could not be put back. Name another person with --user.',
      );
    }
  }
  const files = kind === 'new' ? target.files : await presentFiles(deps, target, folder);
  const changes =
    kind === 'new' ? propertyChanges(profile, pictureUrl(mySiteUrl, folder, id)) : sameAgain(target);
  const claim = await claimForTrial(deps, id, reading, {
    trial: trialColumn(requestId, kind, row),
    ...(kind === 'new' && {
      ...hashesOfBegun(row, hashesOf(files)),
      earlierProperties: JSON.stringify(pictureProperties(profile)),
    }),
  });
  if (!claim) throw new StepFailed('Somebody began to write this person just now. Run the doctor again.');
  return { target, folder, kind, claim, files, changes };
}

export async function writeFiles({ profiles }: DoctorDeps, trial: Trial): Promise<Finding> {
  const { target, folder, files, claim, kind } = trial;
  for (const letter of sizeLetters) {
    const { bytes, type } = files[letter];
    const name = pictureFileName(target.id, letter);
    await profiles.putPicture(target.mySiteUrl, folder, name, bytes, type, () => claim.check());
  }
  return ok(
    kind === 'new' ? 'Three files were written.' : 'Three files were written again with their own bytes.',
  );
}

export async function writeProperties({ profiles }: DoctorDeps, trial: Trial): Promise<Finding> {
  const { target, changes, claim } = trial;
  const { adminUrl, profile } = target;
  const check = () => claim.check();
  const outcome = await profiles.setProperties(adminUrl, profile.accountName, changes, check);
  if (outcome === 'no-profile') throw new StepFailed('SharePoint has no profile for this person any more.');
  return ok(`Set: ${changes.map(([name]) => name).join(', ')}.`);
}

/** SharePoint answers a write with 200 before anybody has seen whether it keeps it. */
export async function readAllBack({ profiles }: DoctorDeps, trial: Trial): Promise<Finding> {
  const { target, folder, files, changes, claim } = trial;
  const check = () => claim.check();
  const profile = await profiles.readProfile(target.account.userPrincipalName, check);
  for (const [name, value] of changes) {
    const found = profile?.properties.get(name) ?? '';
    if (found !== value && !isSamePictureUrl(found, value)) {
      throw new StepFailed(`SharePoint took ${name} without an error, and does not show it.`);
    }
  }
  const hashes = hashesOf(files);
  for (const letter of sizeLetters) {
    const name = pictureFileName(target.id, letter);
    const bytes = await profiles.readPicture(target.mySiteUrl, folder, name, check);
    if (sha256Of(bytes) !== hashes[letter]) {
      throw new StepFailed(`SharePoint took the ${letter} file without an error, and has other bytes in it.`);
    }
  }
  return ok('The properties and all three files read back as they were written.');
}

async function presentFiles({ profiles }: DoctorDeps, target: Target, folder: string): Promise<Files> {
  const read = async (letter: SizeLetter) => {
    const name = pictureFileName(target.id, letter);
    const bytes = await profiles.readPicture(target.mySiteUrl, folder, name);
    if (!Buffer.isBuffer(bytes)) throw new StepFailed(`The ${letter} file can't be read.`);
    return { bytes, type: 'image/jpeg' };
  };
  return { S: await read('S'), M: await read('M'), L: await read('L') };
}

/** The present values once more, but for the time, which has to grow. */
function sameAgain({ profile }: Target): PropertyChanges {
  const { PictureURL, 'SPS-PicturePlaceholderState': placeholder } = pictureProperties(profile);
  const [time] = propertyChanges(profile, PictureURL).filter(([name]) => name === 'SPS-PictureTimestamp');
  return [
    ...(placeholder === '' ? [] : [['SPS-PicturePlaceholderState', placeholder] as const]),
    ...(time ? [time] : []),
    ...(PictureURL === '' ? [] : [['PictureURL', PictureURL] as const]),
  ];
}

import { ServiceFailure } from '../errors';
import type { PersonReading, PersonRow } from '../storage/person-table';
import type { Profile } from '../tenant/sharepoint';
import { ClaimLost, WritingStopped, claimPerson, type Claim } from './claim';
import { noDoubt } from './decide-doubt';
import type { Plan } from './decide-photo';
import { decideProfile, isSamePictureUrl, pictureProperties } from './decide-profile';
import {
  decideEarlier,
  decideRestore,
  earlierUrl,
  isToRestore,
  notRestored,
  restoreChanges,
  restoredHold,
  type Earlier,
} from './decide-restore';
import { decideShown } from './decide-shown';
import type { Outcome } from './claim-and-write';
import { logPlan, planColumns } from './record-plan';
import { recycleOurFiles } from './recycle-our-files';
import type { ApplyDeps, Run } from './run';
import { hashesOfRemoved } from './written-hashes';

interface Restorable {
  do: 'set' | 'clean-up';
  plan: Plan;
  earlier: Earlier;
  userPrincipalName: string;
  profile: Profile;
  adminUrl: string;
  /** Where our files lie; without a folder, in the present one. */
  files: { mySiteUrl: string; folder?: string };
}

/**
 * One round of showing the picture of before this app again: the kept properties are set back, and our files go. It may be
 * done again at any time: what is done already is left out.
 * @throws ServiceFailure, WritingStopped
 */
export async function restorePicture(deps: ApplyDeps, run: Run): Promise<Outcome> {
  const { personId } = run.event;
  const reading = await deps.people.read(personId);
  run.now = reading.readAt;
  const { row } = reading;
  if (!row || !isToRestore(row)) {
    logPlan(deps, run, notRestored('SharePoint shows nothing that this app wrote for this person.'));
    return 'settled';
  }
  const found = await findRestorable(deps, run, row);
  if ('do' in found) return claimAndRestore(deps, run, { ...reading, row }, found);
  const columns = planColumns(found, reading.readAt);
  if ((await deps.people.write(personId, reading.token, columns)) === undefined) return 'again';
  logPlan(deps, run, found);
  return 'settled';
}

/** Reads only: the profile and the earlier file. */
async function findRestorable(deps: ApplyDeps, run: Run, row: PersonRow): Promise<Restorable | Plan> {
  const { settings, photos, profiles, gate } = deps;
  const { personId, cause } = run.event;
  if (settings.mode !== 'apply' && settings.mode !== 'remove') {
    return notRestored(`Nothing is written in mode ${settings.mode}: set SYNC_MODE to apply or remove.`);
  }
  const earlier = decideEarlier(personId, row.earlierProperties, settings.geos);
  if ('plan' in earlier) return earlier;
  const { account } = await photos.readAccountAndPictures(personId, []);
  if (!account) return notRestored('Microsoft Entra ID has no such account any more.');
  const { userPrincipalName } = account;
  const admission = await gate.admit({ personId, cause, queue: run.delivery.queue, kind: 'restore' });
  if ('stop' in admission) throw new WritingStopped(admission.stop);

  const profile = await profiles.readProfile(userPrincipalName);
  const owned = decideProfile(personId, profile, settings.geos);
  if (!profile || 'plan' in owned) return notRestored('plan' in owned ? owned.reason : '');
  const pictureUrl = pictureProperties(profile).PictureURL;
  const shown = decideShown(personId, pictureUrl, settings.geos);
  const isThere =
    earlier.kind === 'file' && (await profiles.readPictureAt(earlier.mySiteUrl, earlier.path)) !== undefined;
  const wasCleared = row.filesDueAt !== '';
  const decided = decideRestore({ shown, pictureUrl, earlier, isThere, wasCleared });
  if (!('do' in decided)) return decided;
  const files = shown.by === 'us' ? shown : { mySiteUrl: owned.geo.mySiteUrl };
  return { ...decided, earlier, userPrincipalName, profile, adminUrl: owned.geo.adminUrl, files };
}

async function claimAndRestore(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading & { row: PersonRow },
  work: Restorable,
): Promise<Outcome> {
  const { profiles, settings, gate } = deps;
  const { personId } = run.event;
  const { row } = reading;
  // Noted with the claim, so that nobody writes the picture again behind it.
  const isHeld = settings.mode === 'apply' && work.plan.code === 'restored';
  const hold = row.hold || (isHeld ? restoredHold : '');
  const claiming = {
    ...deps,
    claimMs: settings.claimMs,
    gate: { stopFor: (id: string) => gate.stopFor(id, 'restore') },
  };
  const claim = await claimPerson(claiming, personId, reading, { hold });
  if (!claim) return 'again';
  run.hasClaimed = true;
  try {
    if (work.do === 'set' && !(await setBack(deps, claim, work))) {
      const plan = notRestored('SharePoint has no profile for this person any more.');
      if (!(await claim.close({ ...planColumns(plan, claim.readAt), hold: row.hold }))) return 'again-forced';
      logPlan(deps, run, plan);
      return 'settled';
    }
    const before = () => claim.check();
    const { mySiteUrl, folder = await profiles.pictureFolder(mySiteUrl, before) } = work.files;
    const stays = await recycleOurFiles(profiles, { mySiteUrl, folder, personId }, row, before);
    const plan = stays ? { ...work.plan, reason: `${work.plan.reason} ${stays}` } : work.plan;
    run.now = claim.readAt;
    const end = { ...planColumns(plan, run.now), ...nothingOfOurs, ...hashesOfRemoved(row) };
    if (!(await claim.close({ ...end, ...settledBy(settings.mode, plan, row) }))) return 'again-forced';
    logPlan(deps, run, plan, { written: work.do === 'set' });
    return 'settled';
  } catch (error) {
    if (error instanceof ClaimLost) return 'again-forced';
    throw error;
  }
}

/**
 * Where the whole app is taken out nobody is held. Should it write again one day, only a photo that comes later is to
 * replace the picture that was put back.
 */
function settledBy(mode: ApplyDeps['settings']['mode'], { code }: Plan, row: PersonRow): Partial<PersonRow> {
  if (mode !== 'remove' || code !== 'restored') return {};
  // With none seen last, the one that was written may still come to light again.
  return { settledEtag: row.seenEtag || row.appliedEtag };
}

const nothingOfOurs = {
  ...noDoubt,
  appliedEtag: '',
  settledKind: '',
  earlierProperties: '',
  checkDueAt: '',
  filesDueAt: '',
  deferredSince: '',
  nextLookAt: '',
  trial: '',
} satisfies Partial<PersonRow>;

/**
 * Sets the kept properties back, and reads them to be sure.
 * @returns false where SharePoint has no profile any more. @throws ClaimLost, WritingStopped, ServiceFailure
 */
export async function setBack(
  { profiles }: Pick<ApplyDeps, 'profiles'>,
  claim: Pick<Claim, 'check'>,
  work: Pick<Restorable, 'profile' | 'earlier' | 'userPrincipalName' | 'adminUrl'>,
): Promise<boolean> {
  const { profile, earlier, userPrincipalName, adminUrl } = work;
  const before = () => claim.check();
  const changes = restoreChanges(profile, earlier);
  if ((await profiles.setProperties(adminUrl, profile.accountName, changes, before)) === 'no-profile')
    return false;
  const after = await profiles.readProfile(userPrincipalName, before);
  const url = after && pictureProperties(after).PictureURL;
  const isBack = earlier.kind === 'file' ? isSamePictureUrl(url ?? '', earlierUrl(earlier)) : url === '';
  // Our files go next, so it has to be certain that nobody is sent to them any more.
  if (!isBack) {
    throw new ServiceFailure(
      'SharePoint',
      'SharePoint did not keep the picture of before, so it is set again.',
    );
  }
  return true;
}

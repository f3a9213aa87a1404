import { ServiceFailure } from '../errors';
import type { PersonReading, PersonRow } from '../storage/person-table';
import type { PhotoLook } from '../tenant/graph';
import type { Profile } from '../tenant/sharepoint';
import { asOneWrite, beginIn } from './as-one-write';
import { ClaimLost, WritingStopped, claimPerson, type Claim } from './claim';
import { lookAgainAt } from './confirm-later';
import { noDoubt } from './decide-doubt';
import type { Plan } from './decide-photo';
import { clearedProperties, decideProfile, pictureProperties } from './decide-profile';
import { decideCleared, decideClearing } from './decide-removal';
import { decideShown } from './decide-shown';
import type { Outcome } from './claim-and-write';
import { deferralColumns, logPlan, planColumns } from './record-plan';
import { recycleOurFiles } from './recycle-our-files';
import type { ApplyDeps, Run } from './run';
import { hashesOfRemoved } from './written-hashes';

type Missing = PhotoLook & { kind: 'none' };

/** How a removal ended, and what to add to the row. */
interface Ending {
  plan: Plan;
  changes: Partial<PersonRow>;
  /** The picture was taken out of the profile just now. */
  written?: boolean;
}

/**
 * Takes back what this app wrote for somebody whose photo is gone for sure: first the profile's picture, then, when they
 * are due, our files. In between everybody who still shows the old address gets the picture and not an error.
 * @param look the one that found no photo.
 * @param areFilesDue the picture was cleared long enough ago.
 * @throws WritingStopped, ServiceFailure
 */
export async function removePicture(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading & { row: PersonRow },
  look: Missing,
  areFilesDue: boolean,
): Promise<Outcome> {
  const { personId, cause } = run.event;
  const admission = await deps.gate.admit({ personId, cause, queue: run.delivery.queue, kind: 'clear' });
  if ('stop' in admission) throw new WritingStopped(admission.stop);
  // Its files, which go later, are no write of their own: only when the picture is cleared does somebody see a change.
  return asOneWrite(deps.gate, admission, (begin) =>
    removeInClaim({ ...deps, begin }, run, reading, look, areFilesDue),
  );
}

type RemoveDeps = ApplyDeps & { begin: () => void };

async function removeInClaim(
  deps: RemoveDeps,
  run: Run,
  reading: PersonReading & { row: PersonRow },
  look: Missing,
  areFilesDue: boolean,
): Promise<Outcome> {
  const { personId } = run.event;
  const claim = await claimPerson({ ...deps, claimMs: deps.settings.claimMs }, personId, reading);
  if (!claim) return 'again';
  run.hasClaimed = true;
  try {
    const { plan, changes, written = false } = await takeBack(deps, run, claim, look, areFilesDue);
    run.now = claim.readAt;
    const after = await deps.photos.look(personId);
    if (after.kind === 'photo') return 'again-forced';
    const closed = await claim.close({
      ...planColumns(plan, run.now),
      ...deferralColumns(deps, claim.row, plan, run.now),
      lookStartedAt: run.now.toISOString(),
      ...changes,
    });
    if (!closed) return 'again-forced';
    logPlan(deps, run, plan, { written });
    return 'settled';
  } catch (error) {
    if (error instanceof ClaimLost) return 'again-forced';
    throw error;
  }
}

async function takeBack(
  deps: RemoveDeps,
  run: Run,
  claim: Claim,
  look: Missing,
  areFilesDue: boolean,
): Promise<Ending> {
  const { profiles, settings } = deps;
  const { personId } = run.event;
  const { row } = claim;
  const before = () => claim.check();
  const profile = await profiles.readProfile(look.account.userPrincipalName, before);
  const decided = decideProfile(personId, profile, settings.geos);
  if ('plan' in decided || !profile) return deferred(row, decided as Plan);
  const { mySiteUrl, adminUrl } = decided.geo;

  const shown = decideShown(personId, pictureProperties(profile).PictureURL, settings.geos);
  const step = decideClearing(shown, areFilesDue);
  if (step === 'files') {
    const folder = await profiles.pictureFolder(mySiteUrl, before);
    return recycled(row, await recycle(deps, claim, { mySiteUrl, folder, personId }));
  }
  if (step === 'properties' && !(await clearProperties(deps, claim, look, profile, adminUrl))) {
    const reason = 'SharePoint has no profile for this person any more.';
    return deferred(row, { plan: 'defer', code: 'no-profile', reason });
  }
  const filesDueAt = new Date(look.at.getTime() + settings.removedFilesMs);
  const due = await lookAgainAt(deps, run, 'files', filesDueAt, look.at);
  const changes = { ...nothingApplied, ...due, filesDueAt: filesDueAt.toISOString() };
  return { plan: decideCleared(shown), changes, written: step === 'properties' };
}

/** Nothing of the app's is shown any more; its files may still be there. */
const nothingApplied = {
  ...noDoubt,
  seenEtag: '',
  appliedEtag: '',
  settledEtag: '',
  settledKind: '',
  checkDueAt: '',
  trial: '',
} satisfies Partial<PersonRow>;

/** What was in doubt, or due, still is when SharePoint has the person's profile again. */
function deferred({ doubt, doubtEtag, doubtSince }: PersonRow, plan: Plan): Ending {
  return { plan, changes: { doubt, doubtEtag, doubtSince } };
}

function recycled(row: PersonRow, stays: string | undefined): Ending {
  const reason = 'This person has no photo in Microsoft 365. The picture and its files were removed.';
  return {
    plan: stays
      ? { plan: 'skip', code: 'retained', reason: `The picture was cleared. ${stays}` }
      : { plan: 'skip', code: 'no-photo', reason },
    changes: { ...nothingApplied, filesDueAt: '', ...hashesOfRemoved(row) },
  };
}

async function recycle(
  { profiles }: ApplyDeps,
  claim: Claim,
  at: { mySiteUrl: string; folder: string; personId: string },
): Promise<string | undefined> {
  const before = () => claim.check();
  const stays = await recycleOurFiles(profiles, at, claim.row, before);
  // Where files were missing, the folder is looked for again: a renamed one has them still.
  if ((await profiles.pictureFolder(at.mySiteUrl, before)) !== at.folder) {
    const problem = 'The picture folder on the My Site host was renamed; the files are looked for again.';
    throw new ServiceFailure('SharePoint', problem);
  }
  return stays;
}

/** @returns false where SharePoint has no profile any more. */
async function clearProperties(
  { profiles, begin }: RemoveDeps,
  claim: Claim,
  look: Missing,
  profile: Profile,
  adminUrl: string,
): Promise<boolean> {
  const before = () => claim.check();
  const changes = clearedProperties(profile);
  const outcome = await profiles.setProperties(adminUrl, profile.accountName, changes, beginIn(claim, begin));
  if (outcome === 'no-profile') return false;
  const after = await profiles.readProfile(look.account.userPrincipalName, before);
  if (after && pictureProperties(after).PictureURL !== '') {
    throw new ServiceFailure(
      'SharePoint',
      'SharePoint did not take the picture out of the profile; it is cleared again.',
    );
  }
  return after !== undefined;
}

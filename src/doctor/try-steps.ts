import { ServiceFailure, messageOf } from '../errors';
import { ClaimLost, WritingStopped } from '../photos/claim';
import { queueNames } from '../storage/names';
import { waitsForRights } from '../tenant/rights';
import type { AdminRequest } from './admin-request';
import { checkTokens } from './check-tokens';
import { candidates, choosePerson } from './choose-person';
import { ok, StepFailed, type DoctorDeps, type Finding } from './doctor-deps';
import { explainFailure, type StepName } from './explain-failure';
import { findTarget } from './find-target';
import type { Progress } from './progress';
import { beginTrial, readAllBack, writeFiles, writeProperties } from './try-writing';

/** Up to the first step that fails. */
export async function trySteps(
  deps: DoctorDeps,
  request: AdminRequest,
  { record, save }: Progress,
): Promise<void> {
  const { settings, profiles } = deps;
  let present: StepName = 'settings';
  let mySiteUrl: string | undefined;
  const note = (finding: Finding) => save({ steps: [...record.steps, { step: present, ...finding }] });
  const begin = (step: StepName) => (present = step);
  try {
    checkMode(settings);
    await note(
      ok(`SYNC_MODE is ${settings.mode === 'no-scope' ? 'apply, without a scope' : settings.mode}.`),
    );

    begin('tokens');
    await note(await checkTokens(deps));

    begin('person');
    const isNamed = request.personId !== undefined;
    const ids = candidates(deps, request.personId);
    const chosen = await choosePerson(deps, ids, isNamed);
    await note(ok('Photo and account of somebody in scope were read.'));

    begin('profile');
    await reserve(deps, chosen.id);
    const target = await findTarget(deps, chosen, ids, isNamed);
    ({ mySiteUrl } = target);
    await save({ personId: target.id });
    await note(ok('The profile was read, and it is theirs.'));

    begin('folder');
    const folder = await profiles.pictureFolder(mySiteUrl);
    await note(ok(`The folder is "${folder}" on ${new URL(mySiteUrl).host}.`));

    begin('versions');
    await note(await lookAtVersions(deps, mySiteUrl));

    begin('files');
    const trial = await beginTrial(deps, request.id, target, folder);
    await note(await writeFiles(deps, trial));

    begin('properties');
    await note(await writeProperties(deps, trial));

    begin('read-back');
    await note(await readAllBack(deps, trial));
  } catch (error) {
    await note(failureOf(present, error, mySiteUrl));
  }
}

function checkMode({ mode, rightsGranted }: DoctorDeps['settings']): void {
  if (mode === 'remove') {
    throw new StepFailed('SYNC_MODE is remove: the app is on its way out and writes nothing any more.');
  }
  if (!rightsGranted) throw new StepFailed(waitsForRights);
}

/** What follows asks SharePoint for as much as two writes do, and a pause holds it up as it does any. */
async function reserve({ gate }: DoctorDeps, personId: string): Promise<void> {
  const work = { personId, cause: 'admin', queue: queueNames.photoChanged, kind: 'trial' } as const;
  const admission = await gate.admit(work);
  if ('stop' in admission) throw new WritingStopped(admission.stop);
}

async function lookAtVersions({ library }: DoctorDeps, mySiteUrl: string): Promise<Finding> {
  const versioning = await library.versioning(mySiteUrl);
  if (versioning === 'unknown') {
    return { outcome: 'warning', detail: 'SharePoint did not tell whether the library keeps versions.' };
  }
  if (!versioning.kept) return ok('The library keeps no versions.');
  return {
    outcome: 'warning',
    detail: `The library "User Photos" keeps versions (up to ${String(versioning.most)} of a file): each photo that the app replaces stays there as an earlier version of its file.`,
  };
}

function failureOf(step: StepName, error: unknown, mySiteUrl: string | undefined): Finding {
  if (error instanceof StepFailed) return { outcome: 'failed', detail: messageOf(error), ...error.right };
  if (error instanceof ClaimLost) {
    const detail = 'Somebody else came to write this person meanwhile. Run the doctor again.';
    return { outcome: 'failed', detail };
  }
  const status = error instanceof ServiceFailure ? error.status : undefined;
  return { outcome: 'failed', ...explainFailure(step, { message: messageOf(error), status }, mySiteUrl) };
}

import { emptyRow, type PersonReading, type PersonRow } from '../storage/person-table';
import type { Account } from '../tenant/graph-answers';
import { ClaimLost, WritingStopped, claimPerson, type Claim } from './claim';
import { beginDoubt } from './confirm-later';
import { decideDoubt, noDoubt, type Sight } from './decide-doubt';
import { decideAccount, decideAfterLook, decideBeforeLook, decidePictures, type Plan } from './decide-photo';
import { decideProfile } from './decide-profile';
import { checkPicture } from './picture-bytes';
import { chooseSizes, isStandardSize } from './picture-sizes';
import { readBack } from './read-back';
import { deferralColumns, logPlan, planColumns, recordPlan } from './record-plan';
import type { ApplyDeps, Run } from './run';
import { lookSecondTime } from './second-look';
import { settleWithoutPhoto } from './without-photo';
import { filesOf, hashesOf, writePictures, type Files } from './write-pictures';
import { hashesOfBegun, hashesOfClosed, type Hashes } from './written-hashes';

/** `again`: somebody wrote the row before our claim. `again-forced`: SharePoint may hold an older picture by now. */
export type Outcome = 'settled' | 'again' | 'again-forced';

/**
 * One round: read the row, look at the photo, decide, and if need be claim and write.
 * @param forced write even a photo that is on record as written.
 */
export async function lookAndWrite(deps: ApplyDeps, run: Run, forced: boolean): Promise<Outcome> {
  const { settings, people, photos } = deps;
  const { personId } = run.event;
  const [reading, standing] = await Promise.all([people.read(personId), deps.scope.standingOf(personId)]);
  run.now = reading.readAt;

  // Whoever came to be forced knows that SharePoint may hold an older picture. Where nothing is written now, the row has
  // to know it in their place.
  const inDoubt = forced && settings.mode === 'apply' && { settledEtag: '' };
  const early = decideBeforeLook(reading.row, standing);
  if (early) {
    // Files that are due to go still are when this person is no longer left alone.
    const due = reading.row?.filesDueAt && { nextLookAt: reading.row.nextLookAt };
    return (await recordPlan(deps, run, reading, early, { ...inDoubt, ...due })) ? 'settled' : 'again';
  }

  const look = await photos.look(personId);
  const lookStartedAt = reading.readAt.toISOString();
  const conclude = async (plan: Plan, changes: Partial<PersonRow>): Promise<Outcome> => {
    // A look that only reports must not spare a message that comes once the app writes.
    const done = settings.mode === 'apply' && { dirty: false, lookStartedAt };
    return (await recordPlan(deps, run, reading, plan, { ...inDoubt, ...done, ...changes }))
      ? 'settled'
      : 'again';
  };

  if (look.kind === 'none') return settleWithoutPhoto(deps, run, reading, look, conclude);
  const { row } = reading;
  const plan = decideAfterLook({
    row,
    look,
    forced,
    reportOnly: settings.mode !== 'apply',
    now: reading.readAt,
  });
  if (look.kind !== 'photo') return conclude(plan, { seenEtag: '' });
  if (plan.code === 'unchanged' || plan.plan === 'defer') {
    // The plan on record stays, unless it is about another look: Graph may have said that there is no photo meanwhile.
    // If somebody else wrote the row since, even the time of this look is of no use.
    const isStale = row?.seenEtag !== look.etag;
    const columns = {
      ...(isStale && { seenEtag: look.etag, ...planColumns(plan, reading.readAt) }),
      ...(row?.doubt && { ...noDoubt, nextLookAt: '' }),
    };
    if (settings.mode === 'apply') {
      await lookSecondTime(deps, run, reading.readAt);
      await people.write(personId, reading.token, { lookStartedAt, ...columns });
    }
    logPlan(deps, run, plan);
    return 'settled';
  }
  const seen = { seenEtag: look.etag };
  const settledKind = isStandardSize(look.width, look.height) ? 'standard' : 'other';
  const settled = { ...seen, settledEtag: look.etag, settledKind };
  if (plan.plan !== 'apply') return conclude(plan, settled);
  const doubt = await doubtOfKind(deps, run, row, { ...look, settledKind });
  if (doubt) return conclude(otherKind, { ...seen, ...(row?.dirty && { dirty: true }), ...doubt });

  const sizes = chooseSizes(look.width, look.height);
  const { account, pictures } = await photos.readAccountAndPictures(personId, Object.values(sizes));
  if (!account) {
    return conclude({ plan: 'skip', code: 'no-account', reason: 'The account is gone.' }, { seenEtag: '' });
  }
  const leftAlone = decideAccount(account, settings.scope);
  if (leftAlone) return conclude(leftAlone, seen);
  const unusable = decidePictures(Object.values(sizes).map((size) => checkPicture(pictures.get(size))));
  if (unusable) return conclude(unusable, settled);
  if (settings.mode !== 'apply') return conclude(await planWithoutWriting(deps, plan, account), seen);
  return claimAndWrite(deps, run, reading, { plan, account, settled, files: filesOf(pictures, sizes) });
}

const otherKind: Plan = {
  plan: 'confirm',
  code: 'other-kind',
  reason:
    'The photo turned from one of a standard size into one of another. A second look has to find the same.',
};

/**
 * When a mailbox goes, Graph falls back to the photo that the directory keeps, which may be years old. So such a change
 * is confirmed like a removal. @returns what to note while that lasts; undefined where there is no doubt.
 */
async function doubtOfKind(
  deps: ApplyDeps,
  run: Run,
  row: PersonRow | undefined,
  look: { at: Date; etag: string; settledKind: string },
): Promise<Partial<PersonRow> | undefined> {
  if (row?.settledKind !== 'standard' || look.settledKind === 'standard') return undefined;
  const sight: Sight = { doubt: 'other-kind', etag: look.etag, at: look.at };
  const { doubt, doubtEtag, doubtSince, nextLookAt } = row;
  switch (decideDoubt(row, sight, deps.settings.removalConfirmMs)) {
    case 'confirmed':
      return undefined;
    case 'waiting':
      return { doubt, doubtEtag, doubtSince, nextLookAt };
    case 'new':
      return deps.settings.mode === 'apply' ? beginDoubt(deps, run, sight) : {};
  }
}

/** What would be done, as far as reading tells. */
async function planWithoutWriting(
  { profiles, settings, gate }: ApplyDeps,
  plan: Plan,
  account: Account,
): Promise<Plan> {
  await gate.reportsOnly();
  const profile = await profiles.readProfile(account.userPrincipalName);
  const decided = decideProfile(account.id, profile, settings.geos);
  if ('plan' in decided) return decided;
  if (settings.mode === 'report') return plan;
  const reason =
    'SYNC_MODE is apply, but neither SCOPE=everyone nor PILOT_USERS nor PILOT_GROUP says for whom.';
  return { plan: 'stop', code: 'no-scope', reason };
}

interface Work {
  plan: Plan;
  account: Account;
  settled: { seenEtag: string; settledEtag: string; settledKind: string };
  files: Files;
}

async function claimAndWrite(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  work: Work,
): Promise<Outcome> {
  const { gate } = deps;
  const { personId, cause } = run.event;
  const admission = await gate.admit({
    ...{ personId, cause, queue: run.delivery.queue, kind: 'write' },
    pictureSha256: hashesOf(work.files).L,
  });
  if ('stop' in admission) throw new WritingStopped(admission.stop);
  if (!admission.mustReadBack) return writeInClaim(deps, run, reading, work);
  try {
    return await writeInClaim(deps, run, reading, work, readBackFirst);
  } finally {
    // However it ended: the next of the first writes must not wait for this one.
    await gate.endFirstWrite(personId, 'not-written');
  }
}

/** One of the first writes: what SharePoint does not keep as it was written stops all writing. */
async function readBackFirst(
  { gate, settings, ...deps }: ApplyDeps,
  claim: Claim,
  person: { id: string; userPrincipalName: string },
  hashes: Hashes,
): Promise<void> {
  const problem = await readBack({ ...deps, geos: settings.geos }, claim, person, hashes);
  const stop = await gate.endFirstWrite(person.id, problem === undefined ? 'as-written' : { problem });
  if (stop) throw new WritingStopped(stop);
}

async function writeInClaim(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  { plan, account, settled, files }: Work,
  checkWritten?: typeof readBackFirst,
): Promise<Outcome> {
  const { settings } = deps;
  const { personId } = run.event;
  const hashes = hashesOf(files);
  const before = reading.row ?? emptyRow;
  const claim = await claimPerson(
    { ...deps, claimMs: settings.claimMs },
    personId,
    reading,
    hashesOfBegun(before, hashes),
  );
  if (!claim) return 'again';
  run.hasClaimed = true;
  const decided = (made: Plan) => ({
    ...planColumns(made, run.now),
    ...deferralColumns(deps, claim.row, made, run.now),
  });
  try {
    const person = { id: personId, userPrincipalName: account.userPrincipalName };
    const stopped = await writePictures({ ...deps, geos: settings.geos }, claim, person, files);
    run.now = claim.readAt;
    const { seenEtag, settledEtag } = settled;
    if (stopped) {
      const { ended, hasBegun } = stopped;
      const columns = {
        ...decided(ended),
        seenEtag,
        ...(!hasBegun && { writingSha256: before.writingSha256 }),
      };
      if (!(await claim.close(columns))) return 'again-forced';
      logPlan(deps, run, ended);
      return 'settled';
    }
    await checkWritten?.(deps, claim, person, hashes);
    const after = await deps.photos.look(personId);
    if (after.kind !== 'photo' || after.etag !== settledEtag) return 'again-forced';
    const closed = await claim.close({
      ...decided(plan),
      ...settled,
      ...hashesOfClosed(claim.row, hashes),
      appliedEtag: settledEtag,
      filesDueAt: '',
      checkDueAt: new Date(after.at.getTime() + settings.checkAfterMs).toISOString(),
      appliedAt: run.now.toISOString(),
      lookStartedAt: run.now.toISOString(),
    });
    if (!closed) return 'again-forced';
    logPlan(deps, run, plan, { written: true });
    return 'settled';
  } catch (error) {
    if (error instanceof ClaimLost) return 'again-forced';
    throw error;
  }
}

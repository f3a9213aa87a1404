import type { PersonReading, PersonRow } from '../storage/person-table';
import type { Pictures } from '../tenant/graph';
import type { Account } from '../tenant/graph-answers';
import { ClaimLost, WritingStopped, claimPerson } from './claim';
import { decideAccount, decideAfterLook, decideBeforeLook, decidePictures, type Plan } from './decide-photo';
import { decideProfile } from './decide-profile';
import { checkPicture } from './picture-bytes';
import { chooseSizes } from './picture-sizes';
import { deferralColumns, logPlan, planColumns, recordPlan } from './record-plan';
import type { ApplyDeps, Run } from './run';
import { writePictures } from './write-pictures';

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
  if (early) return (await recordPlan(deps, run, reading, early, { ...inDoubt })) ? 'settled' : 'again';

  const look = await photos.look(personId);
  const lookStartedAt = reading.readAt.toISOString();
  const conclude = async (plan: Plan, changes: Partial<PersonRow>): Promise<Outcome> => {
    // A look that only reports must not spare a message that comes once the app writes.
    const done = settings.mode === 'apply' && { dirty: false, lookStartedAt };
    return (await recordPlan(deps, run, reading, plan, { ...inDoubt, ...changes, ...done }))
      ? 'settled'
      : 'again';
  };

  const plan = decideAfterLook({
    row: reading.row,
    look,
    forced,
    reportOnly: settings.mode !== 'apply',
  });
  if (look.kind !== 'photo') return conclude(plan, { seenEtag: '' });
  if (plan.code === 'unchanged') {
    // The plan on record stays, unless it is about another look: Graph may have said that there is no photo meanwhile.
    // If somebody else wrote the row since, even the time of this look is of no use.
    const isStale = reading.row?.seenEtag !== look.etag;
    const columns = isStale && { seenEtag: look.etag, ...planColumns(plan, reading.readAt) };
    if (settings.mode === 'apply') {
      await people.write(personId, reading.token, { lookStartedAt, ...columns });
    }
    logPlan(deps, run, plan);
    return 'settled';
  }
  const seen = { seenEtag: look.etag };
  const settled = { ...seen, settledEtag: look.etag };
  if (plan.plan !== 'apply') return conclude(plan, settled);

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
  return claimAndWrite(deps, run, reading, { plan, account, etag: look.etag, sizes, pictures });
}

/** What would be done, as far as reading tells. */
async function planWithoutWriting(
  { profiles, settings }: ApplyDeps,
  plan: Plan,
  account: Account,
): Promise<Plan> {
  const profile = await profiles.readProfile(account.userPrincipalName);
  const decided = decideProfile(account.id, profile, settings.geos);
  if ('plan' in decided) return decided;
  if (settings.mode === 'report') return plan;
  const reason =
    'SYNC_MODE is apply, but neither SCOPE=everyone nor PILOT_USERS nor PILOT_GROUP says for whom.';
  return { plan: 'stop', code: 'no-scope', reason };
}

async function claimAndWrite(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  work: {
    plan: Plan;
    account: Account;
    etag: string;
    sizes: ReturnType<typeof chooseSizes>;
    pictures: Pictures;
  },
): Promise<Outcome> {
  const { plan, account, etag, sizes, pictures } = work;
  const { personId, cause } = run.event;
  const admission = await deps.gate.admit({ personId, cause, queue: run.delivery.queue, kind: 'write' });
  if ('stop' in admission) throw new WritingStopped(admission.stop);
  const claim = await claimPerson({ ...deps, claimMs: deps.settings.claimMs }, personId, reading);
  if (!claim) return 'again';
  run.hasClaimed = true;
  const decided = (made: Plan) => ({
    ...planColumns(made, run.now),
    ...deferralColumns(deps, claim.row, made, run.now),
  });
  try {
    const person = { id: personId, userPrincipalName: account.userPrincipalName };
    const result = await writePictures({ ...deps, geos: deps.settings.geos }, claim, person, pictures, sizes);
    run.now = claim.readAt;
    if ('plan' in result) {
      if (!(await claim.close({ ...decided(result), seenEtag: etag }))) return 'again-forced';
      logPlan(deps, run, result);
      return 'settled';
    }
    const after = await deps.photos.look(personId);
    if (after.kind !== 'photo' || after.etag !== etag) return 'again-forced';
    const closed = await claim.close({
      ...decided(plan),
      ...result.written,
      seenEtag: etag,
      appliedEtag: etag,
      settledEtag: etag,
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

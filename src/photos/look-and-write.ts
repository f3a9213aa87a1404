import { ServiceFailure } from '../errors';
import type { PersonRow } from '../storage/person-table';
import type { Account } from '../tenant/graph-answers';
import { WritingStopped } from './claim';
import { claimAndWrite, type Outcome } from './claim-and-write';
import { beginDoubt } from './confirm-later';
import { decideDoubt, noDoubt, type Sight } from './decide-doubt';
import { decideAccount, decideAfterLook, decideBeforeLook, decidePictures, type Plan } from './decide-photo';
import { decideProfile } from './decide-profile';
import { checkPicture } from './picture-bytes';
import { chooseSizes, isStandardSize } from './picture-sizes';
import { logPlan, planColumns, recordPlan } from './record-plan';
import type { ApplyDeps, Run } from './run';
import { lookSecondTime } from './second-look';
import { settleWithoutPhoto } from './without-photo';
import { filesOf } from './write-pictures';

/**
 * One round: read the row, look at the photo, decide, and if need be claim and write.
 * @param forced write even a photo that is on record as written.
 * @throws WritingStopped, ServiceFailure
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

  if (look.kind === 'none') return settleWithoutPhoto(deps, run, reading, look, forced, conclude);
  const { row } = reading;
  const plan = decideAfterLook({
    row,
    look,
    forced,
    reportOnly: settings.mode !== 'apply',
    now: reading.readAt,
    announcedAt: announcedAt(run),
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
    } else if (Object.keys(columns).length > 0) {
      await people.write(personId, reading.token, columns);
    }
    logPlan(deps, run, plan);
    return 'settled';
  }
  // Whatever becomes of it: there is a photo, so it was not removed.
  const seen = { seenEtag: look.etag, ...(row?.doubt === 'removed' && noDoubt) };
  const settledKind = isStandardSize(look.width, look.height) ? 'standard' : 'other';
  const settled = { ...seen, settledEtag: look.etag, settledKind };
  if (plan.plan !== 'apply') return conclude(plan, settled);
  const doubt = await doubtOfKind(deps, run, row, { ...look, settledKind });
  if (doubt) return conclude(otherKind, { ...seen, ...(row?.dirty && { dirty: true }), ...doubt });

  if (settings.mode === 'apply') {
    const stop = await deps.gate.stopAhead(personId);
    if (stop) {
      // The sweep that takes up what is left unfinished never comes to those who are left alone.
      const { account } = row?.dirty
        ? { account: undefined }
        : await photos.readAccountAndPictures(personId, []);
      const leftAlone = account && decideAccount(account, settings.scope);
      if (leftAlone) return conclude(leftAlone, seen);
      throw new WritingStopped(stop, seen);
    }
  }
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
  return claimAndWrite(deps, run, reading, { plan, account, seen, settled, files: filesOf(pictures, sizes) });
}

/** When the notification was queued that this look is for: a copy of its event carries that on. */
function announcedAt({ event, delivery }: Run): Date | undefined {
  const isOfNotification = ['notification', 'delayed-look', 'second-look', 'retry'].includes(event.cause);
  if (!isOfNotification) return undefined;
  return event.firstSeenAt === undefined ? delivery.insertedAt : new Date(event.firstSeenAt);
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
  let profile;
  try {
    profile = await profiles.readProfile(account.userPrincipalName);
  } catch (error) {
    // An app that only reports may do without a role on SharePoint.
    const isRefused = error instanceof ServiceFailure && (error.status === 401 || error.status === 403);
    if (settings.mode !== 'report' || !isRefused) throw error;
    return { ...plan, reason: `${plan.reason} The profile was not looked at: ${error.message}` };
  }
  const decided = decideProfile(account.id, profile, settings.geos);
  if ('plan' in decided) return decided;
  if (settings.mode === 'report') return plan;
  const reason =
    'SYNC_MODE is apply, but neither SCOPE=everyone nor PILOT_USERS nor PILOT_GROUP says for whom.';
  return { plan: 'stop', code: 'no-scope', reason };
}

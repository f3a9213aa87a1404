import { ServiceFailure, messageOf } from '../errors';
import type { Log } from '../log';
import type { ControlTable } from '../storage/control-table';
import type { EventQueue } from '../storage/event-queue';
import type { PersonReading, PersonRow, PersonTable } from '../storage/person-table';
import type { PhotoSource } from '../tenant/graph';
import type { ProfileStore } from '../tenant/sharepoint';
import type { ApplySettings } from './apply-settings';
import { ClaimLost, WritingPaused, claimPerson } from './claim';
import { decideAccount, decideAfterLook, decideBeforeLook, decidePictures, type Plan } from './decide-photo';
import { decideProfile } from './decide-profile';
import { foldLooks, type Delivery } from './fold-looks';
import type { PhotoEvent } from './photo-event';
import { checkPicture } from './picture-bytes';
import { chooseSizes } from './picture-sizes';
import { putBack } from './put-back';
import { writePictures } from './write-pictures';

export interface ApplyDeps {
  settings: ApplySettings;
  people: PersonTable;
  control: ControlTable;
  queue: EventQueue;
  photos: PhotoSource;
  profiles: ProfileStore;
  log: Log;
  monotonicMs: () => number;
  /** 0 to 1, for jitter. */
  random: () => number;
}

/** One event at work: what it began with and what it has done, which a copy of it must carry on. */
interface Run {
  event: PhotoEvent;
  delivery: Delivery;
  /** Redelivered or forced from the start. */
  forced: boolean;
  hasClaimed: boolean;
  /** Storage's time, as last read. */
  now: Date;
}

const maximumRounds = 4;

/**
 * Brings one person's SharePoint picture in line with their Microsoft 365 photo, whatever the event says and however
 * often it is delivered: it looks at the present photo, claims the person, writes, looks again.
 * @throws anything that is no ServiceFailure: the queue's tries, and at last the poison queue, are for our own bugs.
 */
export async function applyPhoto(deps: ApplyDeps, event: PhotoEvent, delivery: Delivery): Promise<void> {
  const forced = delivery.dequeueCount > 1 || event.force;
  const run: Run = { event, delivery, forced, hasClaimed: false, now: delivery.insertedAt };
  try {
    if (!run.forced && event.cause === 'notification') {
      const folded = await foldLooks({ ...deps, ...deps.settings }, event, delivery);
      if (folded !== 'look') {
        const reason =
          folded === 'looked' ? 'Looked at since this was sent.' : 'A later look stands for this one too.';
        logPlan(deps, run, { plan: 'skip', code: folded, reason });
        return;
      }
    }
    await workUntilSettled(deps, run);
  } catch (error) {
    if (error instanceof WritingPaused) await stopFor(deps, run, error);
    else if (error instanceof ServiceFailure) await retryLater(deps, run, error);
    else throw error;
  }
}

async function workUntilSettled(deps: ApplyDeps, run: Run): Promise<void> {
  let forced = run.forced;
  for (let round = 1; round <= maximumRounds; round++) {
    const outcome = await tryOnce(deps, run, forced);
    if (outcome === 'settled') return;
    forced ||= outcome === 'again-forced';
  }
  await putBack(
    deps,
    { ...run, force: true },
    { reason: 'The photo or the row kept changing while it was written.' },
  );
}

/** `again`: somebody wrote the row before our claim. `again-forced`: SharePoint may hold an older picture by now. */
type RoundOutcome = 'settled' | 'again' | 'again-forced';

async function tryOnce(deps: ApplyDeps, run: Run, forced: boolean): Promise<RoundOutcome> {
  const { settings, people, photos } = deps;
  const { personId, cause } = run.event;
  const reading = await people.read(personId);
  const conclude = (plan: Plan, changes: Partial<PersonRow> = {}) =>
    record(deps, run, reading, plan, changes);

  const early = decideBeforeLook(personId, reading.row, settings.scope);
  if (early) return conclude(early);

  const look = await photos.look(personId);
  const isBaseline = cause === 'sweep' && settings.backfill === 'none';
  const reportOnly = settings.mode !== 'apply';
  const plan = decideAfterLook({ row: reading.row, look, forced, isBaseline, reportOnly });
  if (look.kind !== 'photo') return conclude(plan, { seenEtag: '' });
  if (plan.code === 'unchanged') return noteLook(deps, run, reading, plan);
  const seen = { seenEtag: look.etag };
  if (plan.plan !== 'apply') return conclude(plan, seen);

  const sizes = chooseSizes(look.width, look.height);
  const { account, pictures } = await photos.readAccountAndPictures(personId, Object.values(sizes));
  if (!account) return conclude({ plan: 'skip', code: 'no-account', reason: 'The account went away.' });
  const unfit =
    decideAccount(account, settings.scope) ??
    decidePictures(Object.values(sizes).map((size) => checkPicture(pictures.get(size))));
  if (unfit) return conclude(unfit, seen);

  const person = { id: personId, userPrincipalName: account.userPrincipalName };
  if (settings.mode !== 'apply') {
    const decided = decideProfile(
      personId,
      await deps.profiles.readProfile(person.userPrincipalName),
      settings.geos,
    );
    return conclude('plan' in decided ? decided : settings.mode === 'report' ? plan : noScope, seen);
  }
  return write(deps, run, reading, { plan, person, etag: look.etag, sizes, pictures });
}

const noScope: Plan = {
  plan: 'stop',
  code: 'no-scope',
  reason: 'SYNC_MODE is apply, but neither SCOPE=everyone nor PILOT_USERS says for whom.',
};

async function write(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  work: {
    plan: Plan;
    person: { id: string; userPrincipalName: string };
    etag: string;
    sizes: ReturnType<typeof chooseSizes>;
    pictures: Awaited<ReturnType<PhotoSource['readAccountAndPictures']>>['pictures'];
  },
): Promise<RoundOutcome> {
  const { plan, person, etag, sizes, pictures } = work;
  const claim = await claimPerson({ ...deps, claimMs: deps.settings.claimMs }, person.id, reading, etag);
  if (!claim) return 'again';
  run.hasClaimed = true;
  try {
    const result = await writePictures({ ...deps, geos: deps.settings.geos }, claim, person, pictures, sizes);
    run.now = claim.readAt;
    if ('plan' in result) {
      if (!(await claim.close({ ...planColumns(result, run.now), seenEtag: etag }))) return 'again-forced';
      logPlan(deps, run, result);
      return 'settled';
    }
    const again = await deps.photos.look(person.id);
    if (again.kind !== 'photo' || again.etag !== etag) return 'again-forced';
    const closed = await claim.close({
      ...planColumns(plan, run.now),
      ...result.written,
      seenEtag: etag,
      appliedEtag: etag,
      appliedAt: run.now.toISOString(),
      lookStartedAt: run.now.toISOString(),
    });
    if (!closed) return 'again-forced';
    logPlan(deps, run, plan, etag);
    return 'settled';
  } catch (error) {
    if (error instanceof ClaimLost) return 'again-forced';
    throw error;
  }
}

/** A plan that ends the matter without a claim. A lost race means that somebody else is at work: look again. */
async function record(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  plan: Plan,
  changes: Partial<PersonRow>,
): Promise<RoundOutcome> {
  const written = await deps.people.write(run.event.personId, reading.token, {
    ...planColumns(plan, reading.readAt),
    ...changes,
  });
  if (written === undefined) return 'again';
  logPlan(deps, run, plan);
  return 'settled';
}

/** The photo is the one on record: only the time of the look is noted, and not even that if somebody else wrote. */
async function noteLook(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  plan: Plan,
): Promise<RoundOutcome> {
  await deps.people.write(run.event.personId, reading.token, {
    lookStartedAt: reading.readAt.toISOString(),
  });
  logPlan(deps, run, plan);
  return 'settled';
}

function planColumns({ plan, code, reason }: Plan, decidedAt: Date): Partial<PersonRow> {
  return { plan, code, reason, decidedAt: decidedAt.toISOString(), failure: '', failureAt: '' };
}

/** Paused: the row stays dirty, so that nothing of this is forgotten, and the event comes back. */
async function stopFor(deps: ApplyDeps, run: Run, paused: WritingPaused): Promise<void> {
  const plan: Plan = { plan: 'stop', code: 'paused', reason: paused.message };
  await deps.people.overwrite(run.event.personId, planColumns(plan, run.now));
  logPlan(deps, run, plan);
  await putBack(deps, { ...run, force: true }, { reason: paused.message });
}

async function retryLater(deps: ApplyDeps, run: Run, failure: ServiceFailure): Promise<void> {
  await putBack(deps, { ...run, force: run.forced || run.hasClaimed }, { reason: failure.message, failure });
  try {
    await deps.people.noteFailure(run.event.personId, failure.message, run.now);
  } catch (error) {
    // Only the explanation is lost: the event itself is safe in the queue, and the log has the failure.
    deps.log.warn('failure-not-noted', { personId: run.event.personId, reason: messageOf(error) });
  }
}

function logPlan(
  deps: ApplyDeps,
  run: Run,
  plan: { plan: string; code: string; reason: string },
  etag?: string,
): void {
  const { event, delivery } = run;
  deps.log.info('photo-decided', {
    personId: event.personId,
    plan: plan.plan,
    code: plan.code,
    reason: plan.reason,
    mode: deps.settings.mode,
    cause: event.cause,
    attempt: event.attempt,
    dequeueCount: delivery.dequeueCount,
    correlationId: event.correlationId,
    queuedAt: event.firstSeenAt ?? delivery.insertedAt.toISOString(),
    written: etag !== undefined,
  });
}

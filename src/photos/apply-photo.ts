import { ServiceFailure, messageOf } from '../errors';
import { checkPicture } from './check-picture';
import { WritingStopped } from './claim';
import { comeBack } from './come-back';
import type { Plan } from './decide-photo';
import { foldDelayedLook, foldNotification, foldSweep, type Delivery, type Folding } from './fold-looks';
import type { Outcome } from './claim-and-write';
import { lookAndWrite } from './look-and-write';
import type { PhotoEvent } from './photo-event';
import { logPlan, planColumns } from './record-plan';
import { restorePicture } from './restore-picture';
import type { ApplyDeps, Run } from './run';

const maximumRounds = 4;

/**
 * Brings one person's SharePoint picture in line with their Microsoft 365 photo, whatever the event says and however
 * often it is delivered: it looks at the present photo, claims the person, writes, looks again.
 * @throws anything that is no ServiceFailure: the queue's tries, and at last the poison queue, are for our own bugs.
 */
export async function applyPhoto(deps: ApplyDeps, event: PhotoEvent, delivery: Delivery): Promise<void> {
  const forced = delivery.dequeueCount > 1 || event.force;
  const run: Run = { event, delivery, forced, hasClaimed: false, now: delivery.insertedAt };
  if (deps.settings.mode === 'remove' && event.cause !== 'restore') {
    logPlan(deps, run, {
      plan: 'stop',
      code: 'removing',
      reason: 'SYNC_MODE is remove: nothing is written.',
    });
    return;
  }
  try {
    if (!(await isFolded(deps, run))) await workUntilSettled(deps, run);
  } catch (error) {
    if (error instanceof WritingStopped) await stopFor(deps, run, error);
    else if (error instanceof ServiceFailure) await retryLater(deps, run, error);
    else throw error;
  }
}

/** Only what is delivered for the first time may be: anything else stands for something that has begun already. */
async function isFolded(deps: ApplyDeps, run: Run): Promise<boolean> {
  const folding = run.forced ? 'look' : await fold(deps, run);
  if (folding === 'look') return false;
  const reason =
    folding === 'looked' ? 'Looked at since this was sent.' : 'A later look stands for this one too.';
  logPlan(deps, run, { plan: 'skip', code: folding, reason });
  return true;
}

function fold(deps: ApplyDeps, { event, delivery }: Run): Folding | Promise<Folding> {
  if (event.cause === 'notification') return foldNotification({ ...deps, ...deps.settings }, event, delivery);
  if (event.cause === 'delayed-look' || event.cause === 'second-look')
    return foldDelayedLook(deps.people, event);
  // With each sweep come more of these while they wait in the queue.
  if (event.cause === 'sweep' || event.cause === 'deferred') return foldSweep(deps.people, event, delivery);
  return 'look';
}

async function workUntilSettled(deps: ApplyDeps, run: Run): Promise<void> {
  let forced = run.forced;
  for (let round = 1; round <= maximumRounds; round++) {
    const outcome = await roundOf(run.event)(deps, run, forced);
    if (outcome === 'settled') return;
    forced ||= outcome === 'again-forced';
  }
  const reason = 'The photo or the row kept changing while it was written.';
  await comeBack(deps, run, true, { reason });
}

type Round = (deps: ApplyDeps, run: Run, forced: boolean) => Promise<Outcome>;

function roundOf({ cause }: PhotoEvent): Round {
  if (cause === 'check') return checkPicture;
  if (cause === 'restore') return restorePicture;
  return lookAndWrite;
}

/**
 * A pause is short, so the event comes back. Any other stop may last, and would keep a whole tenant's events going round:
 * the row is left dirty instead, and a sweep takes it up once writing goes on.
 */
async function stopFor(deps: ApplyDeps, run: Run, { stop, seen }: WritingStopped): Promise<void> {
  const { code, reason } = stop;
  const plan: Plan =
    code === 'out-of-scope' ? { plan: 'skip', code, reason } : { plan: 'stop', code, reason };
  if (code === 'paused') await comeBack(deps, run, true, { reason });
  const isLeft = code !== 'paused' && code !== 'out-of-scope';
  await deps.people.overwrite(run.event.personId, {
    ...planColumns(plan, run.now),
    ...seen,
    ...(isLeft && { dirty: true, settledEtag: '' }),
  });
  logPlan(deps, run, plan);
}

async function retryLater(deps: ApplyDeps, run: Run, failure: ServiceFailure): Promise<void> {
  // A check changes nothing, however often it was delivered.
  const isUnfinished = run.hasClaimed || (run.forced && run.event.cause !== 'check');
  await comeBack(deps, run, isUnfinished, { reason: failure.message, failure });
  try {
    if (isThrottled(failure)) await deps.gate.throttled(failure.retryAfterSeconds ?? 0);
    await deps.people.noteFailure(run.event.personId, failure.message, run.now);
  } catch (error) {
    // The event itself is safe in the queue, and the log has the failure. Where others were to be kept from asking,
    // SharePoint will tell them too.
    deps.log.warn('failure-not-noted', { personId: run.event.personId, reason: messageOf(error) });
  }
}

/**
 * SharePoint says so by 429, or by 503 with a time.
 * https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
 */
function isThrottled({ service, status, retryAfterSeconds }: ServiceFailure): boolean {
  return service === 'SharePoint' && (status === 429 || (status === 503 && retryAfterSeconds !== undefined));
}

import { ServiceFailure, messageOf } from '../errors';
import { decideReturn, isSentBySweeps } from './decide-return';
import { putBack } from './put-back';
import type { ApplyDeps, Run } from './run';

/**
 * Has the event come back later, or ends it where a sweep does as well. Where SharePoint may be half written, the row
 * says so then, and the sweep has the whole set written again. So it does of what no sweep had sent: a change that was
 * announced is no news to a sweep that meets this person for the first time.
 * @param force whether the event, if it comes back, has to write; see putBack.
 * @throws ServiceFailure of the queue.
 */
export async function comeBack(
  deps: ApplyDeps,
  run: Run,
  force: boolean,
  why: { reason: string; failure?: ServiceFailure },
): Promise<void> {
  const { mode, retrySeconds } = deps.settings;
  const facts = { failing: why.failure?.service, mode, now: run.now, tries: retrySeconds.length };
  const isLeft = decideReturn(run.event, facts) === 'ends' && (await leaveToSweep(deps, run, force, why));
  if (!isLeft) await putBack(deps, { ...run, force }, why);
}

/** @returns false where that could not be noted: then the event has to come back. */
async function leaveToSweep(
  { people, settings, log }: ApplyDeps,
  { event }: Run,
  isUnfinished: boolean,
  { reason, failure }: { reason: string; failure?: ServiceFailure },
): Promise<boolean> {
  const { personId, cause, attempt, correlationId } = event;
  const { service, status } = failure ?? {};
  try {
    if ((isUnfinished || !isSentBySweeps(cause)) && settings.mode === 'apply') {
      await people.overwrite(personId, { dirty: true, settledEtag: '' });
    }
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    log.warn('failure-not-noted', { personId, reason: messageOf(error) });
    return false;
  }
  log.warn('photo-left-to-sweep', { personId, cause, service, status, reason, attempt, correlationId });
  return true;
}

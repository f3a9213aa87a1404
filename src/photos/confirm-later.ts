import { queueNames } from '../storage/names';
import type { PersonRow } from '../storage/person-table';
import type { Sight } from './decide-doubt';
import type { PhotoEvent } from './photo-event';
import type { ApplyDeps, Run } from './run';

/** A message may stay invisible for 7 days at most. https://learn.microsoft.com/rest/api/storageservices/put-message */
const longestDelayMs = 6 * 86_400_000;
/** Services tell the time in whole seconds, each its own: a message that came a little early would find that it is not due. */
const marginMs = 2000;

/**
 * Has the person looked at again at `dueAt`. The message is sent before anybody notes that it was; should it be lost all
 * the same, a sweep finds `nextLookAt` in the row.
 * @param now of the same service's clock as `dueAt`.
 * @returns what to note in the row.
 */
export async function lookAgainAt(
  { queue }: Pick<ApplyDeps, 'queue'>,
  { event }: Pick<Run, 'event'>,
  cause: 'confirm' | 'files',
  dueAt: Date,
  now: Date,
): Promise<Partial<PersonRow>> {
  const { personId, correlationId } = event;
  const later: PhotoEvent = { personId, cause, force: false, attempt: 0, correlationId };
  const delayMs = Math.min(Math.max(dueAt.getTime() - now.getTime(), 0) + marginMs, longestDelayMs);
  await queue.send(queueNames.photoChangedBacklog, later, { delaySeconds: Math.ceil(delayMs / 1000) });
  return { nextLookAt: dueAt.toISOString() };
}

/** Begins the time after which a second look counts. */
export async function beginDoubt(
  deps: ApplyDeps,
  run: Pick<Run, 'event'>,
  { doubt, etag, at }: Sight,
): Promise<Partial<PersonRow>> {
  const dueAt = new Date(at.getTime() + deps.settings.removalConfirmMs);
  const due = await lookAgainAt(deps, run, 'confirm', dueAt, at);
  return { ...due, doubt, doubtEtag: etag, doubtSince: at.toISOString() };
}

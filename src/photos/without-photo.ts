import { ServiceFailure } from '../errors';
import type { PersonReading, PersonRow } from '../storage/person-table';
import type { PhotoLook } from '../tenant/graph';
import { beginDoubt } from './confirm-later';
import type { Plan } from './decide-photo';
import { clearing, decideRemoval } from './decide-removal';
import type { Outcome } from './claim-and-write';
import { removePicture } from './remove-picture';
import type { ApplyDeps, Run } from './run';
import { lookSecondTime } from './second-look';

/**
 * One round about somebody who has no photo: writes down what that means, or takes back what this app wrote.
 * @param forced an earlier try may have left SharePoint half written.
 * @param conclude writes down a plan that needs no claim, with what else is to be noted.
 * @throws WritingStopped, ServiceFailure
 */
export async function settleWithoutPhoto(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  look: PhotoLook & { kind: 'none' },
  forced: boolean,
  conclude: (plan: Plan, changes: Partial<PersonRow>) => Promise<Outcome>,
): Promise<Outcome> {
  const { settings, gate } = deps;
  const { personId } = run.event;
  const { row } = reading;
  const seen = { seenEtag: '' };
  const step = decideRemoval(row, look, settings, forced);
  if (step.do === 'ask-again') throw new ServiceFailure('Graph', step.reason);
  if (step.do === 'record' || !row) {
    if (step.do !== 'record')
      throw new Error('A picture of somebody of whom nothing is known came to be removed.');
    if (!row?.seenEtag) await lookSecondTime(deps, run, reading.readAt);
    return conclude(step.plan, seen);
  }

  const isWriting = settings.mode === 'apply';
  // A half-written picture stays on record as such until it is gone.
  const unfinished = row.dirty && { dirty: true };
  const { doubt, doubtEtag, doubtSince, nextLookAt } = row;
  switch (step.do) {
    case 'wait':
      return conclude(step.plan, { ...seen, ...unfinished, doubt, doubtEtag, doubtSince, nextLookAt });
    case 'doubt': {
      if (!isWriting) return conclude(step.plan, seen);
      const begun = await beginDoubt(deps, run, { doubt: 'removed', etag: '', at: look.at });
      await gate.removalSeen(personId, look.at);
      // What an earlier try may have left must still be ours when the second look comes.
      return conclude(step.plan, { ...seen, ...(forced && { dirty: true }), ...unfinished, ...begun });
    }
    case 'clear':
    case 'files':
      if (isWriting) return removePicture(deps, run, { ...reading, row }, look, step.do === 'files');
      return conclude(clearing('The photo was removed, and a second look confirmed it.'), {
        ...seen,
        ...{ doubt, doubtEtag, doubtSince, nextLookAt },
      });
  }
}

import type { PersonRow } from '../storage/person-table';
import type { OpenTrial } from './open-trial';

type Row = Pick<PersonRow, 'decidedAt' | 'failureAt'>;

/**
 * What the row is to say of the photo once a trial is taken back: the same as before. Where somebody had to leave the
 * person as they were meanwhile, that stays on record, and the next sweep sees to it.
 * @param row as it is now. @param isWriting with SYNC_MODE=apply; otherwise nobody leaves anything undone.
 */
export function decideClosing(
  trial: OpenTrial,
  row: Row,
  isWriting: boolean,
): Pick<PersonRow, 'dirty' | 'settledEtag'> {
  const wasHere = row.decidedAt !== trial.decidedAt || row.failureAt !== trial.failureAt;
  return isWriting && wasHere
    ? { dirty: true, settledEtag: '' }
    : { dirty: false, settledEtag: trial.settledEtag };
}

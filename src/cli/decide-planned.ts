import type { PersonRow } from '../storage/person-table';

/** What the app would do about a person, or wait with, as far as the row tells. */
export type Planned = 'write' | 'written' | 'clear' | 'wait' | 'skip' | 'unknown';

export interface PlannedRow {
  planned: Planned;
  code: string;
  reason: string;
}

type Row = Pick<PersonRow, 'plan' | 'code' | 'reason' | 'hold' | 'dirty' | 'appliedEtag' | 'seenEtag'>;

/** Columns of a row that `decidePlanned` needs. */
export const plannedColumns = [
  'plan',
  'code',
  'reason',
  'hold',
  'dirty',
  'appliedEtag',
  'seenEtag',
  'decidedAt',
] as const satisfies readonly (keyof PersonRow)[];

/** Stops that hold everybody up, not this person: the write comes once they are over. */
const waitingForAll: ReadonlySet<string> = new Set([
  'no-scope',
  'doctor',
  'paused',
  'breaker',
  'day-limit',
  'scope',
]);

/**
 * The plan on record is the last one made: what was written since, or held by hand, counts more.
 * @param row of which a column that is no text of ours is empty.
 */
export function decidePlanned(row: Row): PlannedRow {
  const { plan, code, reason, hold, dirty, appliedEtag, seenEtag } = row;
  const recorded = (planned: Planned): PlannedRow => ({ planned, code, reason });
  if (hold) return { planned: 'skip', code: 'held', reason: `This person is left alone: ${hold}.` };
  if (plan === 'stop') return recorded(waitingForAll.has(code) ? 'write' : 'skip');
  if (dirty) return { planned: 'write', code: 'unfinished', reason: 'An earlier write did not finish.' };
  switch (plan) {
    case 'apply':
      return appliedEtag !== '' && appliedEtag === seenEtag
        ? { planned: 'written', code, reason: 'SharePoint shows this photo: the app wrote it.' }
        : recorded('write');
    case 'clear':
      return recorded('clear');
    case 'confirm':
    case 'defer':
      return recorded('wait');
    case 'restore':
    case 'skip':
      return recorded('skip');
    default:
      return { planned: 'unknown', code: '', reason: 'Nothing was decided about this person yet.' };
  }
}

import type { PersonRow } from '../storage/person-table';

type Row = Pick<PersonRow, 'appliedEtag' | 'earlierProperties' | 'filesDueAt' | 'code' | 'decidedAt'>;

/** What is left of the app at one person: something to take back, how that ended, or nothing. */
export type LeftOver = 'open' | 'restored' | 'not-restored' | 'nothing';

/**
 * @param facts.restoresAll without it, what the app has written stays as it is.
 * @param facts.since when the app began to take itself out: what was refused before that is tried again. Storage's time.
 */
export function decideLeftOver(row: Row, facts: { restoresAll: boolean; since: Date }): LeftOver {
  const isRefused = row.code === 'not-restored' && Date.parse(row.decidedAt) >= facts.since.getTime();
  if (isRefused) return 'not-restored';
  if (row.appliedEtag !== '' || row.earlierProperties !== '' || row.filesDueAt !== '') {
    return facts.restoresAll ? 'open' : 'not-restored';
  }
  return row.code === 'restored' ? 'restored' : 'nothing';
}

/** How the first writes stand; see FirstWritesRow of storage/control-table.ts. */
export interface FirstWrites {
  mode: string;
  verified: number;
  outstandingBy: string;
  outstandingSince: string;
}

export type FirstWriteDecision =
  /** Enough were read back. */
  | { kind: 'unchecked' }
  /** One of the first: `row` is to be written, and the write to be read back. */
  | { kind: 'take'; row: FirstWrites }
  /** Another of the first is under way. */
  | { kind: 'wait' };

/**
 * The first writes after a switch to apply go one by one, each read back before the next.
 * @param facts.longestMs how long one may be under way before it counts as lost.
 */
export function decideFirstWrite(facts: {
  row: FirstWrites | undefined;
  personId: string;
  now: Date;
  checked: number;
  longestMs: number;
}): FirstWriteDecision {
  const { row, personId, now, checked, longestMs } = facts;
  // What was verified before a time of reporting only says nothing about now.
  const verified = row?.mode === 'apply' ? row.verified : 0;
  if (verified >= checked) return { kind: 'unchecked' };
  const isUnderWay =
    row?.mode === 'apply' &&
    row.outstandingBy !== '' &&
    row.outstandingBy !== personId &&
    now.getTime() - Date.parse(row.outstandingSince) <= longestMs;
  if (isUnderWay) return { kind: 'wait' };
  return {
    kind: 'take',
    row: { mode: 'apply', verified, outstandingBy: personId, outstandingSince: now.toISOString() },
  };
}

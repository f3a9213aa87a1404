import * as z from 'zod';
import type { PersonRow } from '../storage/person-table';
import type { TrialKind } from './decide-trial';

/**
 * A trial that was begun and not taken back. It stands in the person's row from the claim on, so that whoever comes next
 * knows what the row was, however the worker ended. The picture of before is where a write keeps it, in `earlierProperties`.
 */
export interface OpenTrial {
  requestId: string;
  kind: TrialKind;
  settledEtag: string;
  /** When the row was last decided on, or an event of it failed: another time tells that somebody was here since. */
  decidedAt: string;
  failureAt: string;
}

const schema = z.object({
  requestId: z.string(),
  kind: z.enum(['new', 'rewrite']),
  settledEtag: z.string(),
  decidedAt: z.string(),
  failureAt: z.string(),
});

type Row = Pick<PersonRow, 'trial' | 'settledEtag' | 'decidedAt' | 'failureAt'>;

/** @param row as it was before the claim. */
export function trialColumn(requestId: string, kind: TrialKind, row: Row): string {
  const { settledEtag, decidedAt, failureAt } = row;
  return JSON.stringify({ requestId, kind, settledEtag, decidedAt, failureAt } satisfies OpenTrial);
}

/** Rows are untrusted: what can't be read is no trial. */
export function openTrialOf(row: Row | undefined): OpenTrial | undefined {
  try {
    return row?.trial ? schema.safeParse(JSON.parse(row.trial)).data : undefined;
  } catch {
    return undefined;
  }
}

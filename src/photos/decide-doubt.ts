/**
 * What was seen once and may be a mistake of Microsoft 365 counts only when a second look, a set time later, sees the
 * same: that a photo is gone, or that one of Graph's squares became a photo of another kind.
 */
export interface Doubt {
  /** Text in a row; see storage/person-table.ts. */
  doubt: string;
  doubtEtag: string;
  doubtSince: string;
}

export interface Sight {
  doubt: 'removed' | 'other-kind';
  /** Of the photo that is in doubt; empty where there is none. */
  etag: string;
  /** Graph's time of the look. */
  at: Date;
}

/** `new`: seen for the first time, or another photo than before. `waiting`: too soon to count. */
export function decideDoubt(row: Doubt, sight: Sight, confirmMs: number): 'new' | 'waiting' | 'confirmed' {
  const since = Date.parse(row.doubtSince);
  const isSame = row.doubt === sight.doubt && row.doubtEtag === sight.etag;
  if (!isSame || Number.isNaN(since)) return 'new';
  return sight.at.getTime() - since >= confirmMs ? 'confirmed' : 'waiting';
}

export const noDoubt: Doubt = { doubt: '', doubtEtag: '', doubtSince: '' };

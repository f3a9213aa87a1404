import { createHash } from 'node:crypto';
import type { Config } from '../config';

/** A name for one choice of people: a tenant that lets in more of them gets a baseline of these first. */
export function scopeKeyOf({ pilotUsers, emptyIsFine: _, ...scope }: Config['scope']): string {
  const chosen = JSON.stringify({ ...scope, pilotUsers: pilotUsers && [...pilotUsers].sort() });
  return createHash('sha256').update(chosen).digest('hex').slice(0, 16);
}

/** What a sweep looked at: `mixed` where the settings changed under way, so that it is the baseline of neither. */
export function scopeKeyAfter(row: { nextLink: string; scopeKey: string }, scopeKey: string): string {
  const isFirstPage = row.nextLink === '';
  return isFirstPage || row.scopeKey === scopeKey ? scopeKey : 'mixed';
}

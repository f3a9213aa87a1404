import type { PersonRow } from '../storage/person-table';

const dayMs = 86_400_000;
const renewAfterMs = 7 * dayMs;

/**
 * Once a week, that the sweep saw this account. A row that somebody may be writing is left alone: a write would take
 * their claim from them.
 * @param now Graph's time.
 * @returns columns to write; none where there is nothing to renew.
 */
export function decideRenewal(row: PersonRow | undefined, now: Date): Partial<PersonRow> {
  if (!row || row.dirty) return {};
  const seenOn = Date.parse(row.lastSeenOn || '1970-01-01');
  return now.getTime() - seenOn > renewAfterMs ? { lastSeenOn: now.toISOString().slice(0, 10) } : {};
}

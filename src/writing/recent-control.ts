import type { ControlReading, ControlTable } from '../storage/control-table';

/** "Within a minute" is what the README promises of a pause. */
const longestAgeMs = 1000;

/**
 * The control rows as they were a second ago at most: a process that writes asks before each of its requests, some
 * fifty times a second in a backfill. Only what lets everybody write is passed on: whatever stops is read anew each
 * time, so that its end is seen at once, and what ends it is done once.
 */
export function createRecentControl(
  control: Pick<ControlTable, 'read'>,
  monotonicMs: () => number,
): () => Promise<ControlReading> {
  let latest: { askedAtMs: number; reading: Promise<ControlReading> } | undefined;
  return async () => {
    if (latest && monotonicMs() - latest.askedAtMs <= longestAgeMs) {
      const recent = await latest.reading.catch(() => undefined);
      if (recent && stopsNobody(recent)) return recent;
    }
    latest = { askedAtMs: monotonicMs(), reading: control.read() };
    return latest.reading;
  };
}

function stopsNobody({ pausedBecause, breaker: { row } }: ControlReading): boolean {
  return pausedBecause === undefined && (!row?.stopId || row.resumedAt !== '');
}

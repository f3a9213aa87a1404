import type { Log } from '../log';
import type { Kind } from './receive-items';

const intervalMs = 60_000;

/** What comes in is logged once a minute for each reason, so that whoever floods the endpoint can't fill the log. */
export interface RefusalLog {
  /** Items or requests that failed a check. */
  count(log: Log, reason: string, count: number): void;
  /** A request that the app could not serve. @param why what makes this failure the same as the one before. */
  failed(log: Log, event: string, why: Record<string, unknown>, correlationId: string): void;
}

/**
 * The first of a reason is logged at once, the others with the next one after a minute.
 * @param kind what comes in: the line about it is called `<kind>-refused`.
 */
export function createRefusalLog(monotonicMs: () => number, kind: Kind = 'notifications'): RefusalLog {
  const pending = new Map<string, { count: number; loggedAt: number }>();
  const oncePerInterval = (key: string, count: number, write: (total: number) => void) => {
    const entry = pending.get(key) ?? { count: 0, loggedAt: -Infinity };
    entry.count += count;
    if (monotonicMs() - entry.loggedAt >= intervalMs) {
      write(entry.count);
      entry.count = 0;
      entry.loggedAt = monotonicMs();
    }
    pending.set(key, entry);
  };
  return {
    count(log, reason, count) {
      oncePerInterval(reason, count, (total) => {
        log.warn(`${kind}-refused`, { reason, count: total });
      });
    },
    failed(log, event, why, correlationId) {
      oncePerInterval(JSON.stringify([event, why]), 1, (requests) => {
        log.error(event, { ...why, requests, correlationId });
      });
    },
  };
}

import type { Log } from '../log';

const intervalMs = 60_000;

export interface RefusalLog {
  count(log: Log, reason: string, count: number): void;
}

/**
 * Refusals are counted and logged once a minute for each reason: whoever floods the endpoint can't fill the log. The
 * first of a reason is logged at once.
 */
export function createRefusalLog(monotonicMs: () => number): RefusalLog {
  const pending = new Map<string, { count: number; loggedAt: number }>();
  return {
    count(log, reason, count) {
      const entry = pending.get(reason) ?? { count: 0, loggedAt: -Infinity };
      entry.count += count;
      if (monotonicMs() - entry.loggedAt >= intervalMs) {
        log.warn('notifications-refused', { reason, count: entry.count });
        entry.count = 0;
        entry.loggedAt = monotonicMs();
      }
      pending.set(reason, entry);
    },
  };
}

import type { SubscriptionRow, SubscriptionTable } from '../storage/subscription-table';

const cacheMs = 60_000;
/** A flood of made-up ids must not become a flood of reads. */
const rereadMs = 5_000;

export interface KnownSubscriptions {
  /** @param mustKnow an id that should be among them: if it is not, they are read again, but not too often. */
  get(mustKnow: readonly string[]): Promise<{ rows: readonly SubscriptionRow[]; now: Date }>;
  bind(row: SubscriptionRow, subscriptionId: string): Promise<boolean>;
}

/** The subscription rows, kept for a minute, since every notification needs them. */
export function createKnownSubscriptions(
  table: SubscriptionTable,
  monotonicMs: () => number,
): KnownSubscriptions {
  let cached: { rows: SubscriptionRow[]; readAt: Date; at: number } | undefined;
  let rereadAt = -Infinity;
  const read = async () => {
    const at = monotonicMs();
    cached = { ...(await table.list()), at };
    return cached;
  };
  return {
    async get(mustKnow) {
      let known = cached ?? (await read());
      const age = () => monotonicMs() - known.at;
      const ids = new Set(known.rows.map(({ subscriptionId }) => subscriptionId));
      const isIncomplete = !mustKnow.every((id) => ids.has(id));
      const mayReread = age() > 0 && monotonicMs() - rereadAt >= rereadMs;
      if (age() >= cacheMs || (isIncomplete && mayReread)) {
        if (isIncomplete) rereadAt = monotonicMs();
        known = await read();
      }
      return { rows: known.rows, now: new Date(known.readAt.getTime() + Math.max(0, age())) };
    },
    async bind(row, subscriptionId) {
      const bound = await table.bind(row, subscriptionId);
      cached = undefined;
      return bound;
    },
  };
}

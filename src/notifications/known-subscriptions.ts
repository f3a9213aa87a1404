import type { SubscriptionRow, SubscriptionTable } from '../storage/subscription-table';

const cacheMs = 60_000;
/** A flood of made-up ids must not become a flood of reads. */
const rereadMs = 5_000;

export interface KnownSubscriptions {
  /** @param mustKnow an id that should be among them: if it is not, they are read again, but not too often. */
  get(mustKnow: readonly string[]): Promise<{ rows: readonly SubscriptionRow[]; now: Date }>;
  bind(row: SubscriptionRow, subscriptionId: string): Promise<boolean>;
}

interface Known {
  rows: SubscriptionRow[];
  readAt: Date;
  /** When they were asked for, by a clock that no one can set. */
  at: number;
}

/** The subscription rows, kept for a minute, since every notification needs them. */
export function createKnownSubscriptions(
  table: SubscriptionTable,
  monotonicMs: () => number,
): KnownSubscriptions {
  let cached: Known | undefined;
  let reading: Promise<Known> | undefined;
  let rereadAt = -Infinity;
  /** Whoever needs the rows while they are read waits for the same answer. */
  const read = (): Promise<Known> => {
    const at = monotonicMs();
    reading ??= table
      .list()
      .then((answer) => (cached = { ...answer, at }))
      .finally(() => (reading = undefined));
    return reading;
  };
  return {
    async get(mustKnow) {
      const now = monotonicMs();
      let known = cached && now - cached.at < cacheMs ? cached : undefined;
      if (known && !hasAll(known, mustKnow) && (reading || now - rereadAt >= rereadMs)) {
        known = undefined;
        rereadAt = now;
      }
      known ??= await read();
      const ageMs = Math.max(0, monotonicMs() - known.at);
      return { rows: known.rows, now: new Date(known.readAt.getTime() + ageMs) };
    },
    async bind(row, subscriptionId) {
      const bound = await table.bind(row, subscriptionId);
      // What is being read just now may be from before.
      await reading?.catch(() => undefined);
      cached = undefined;
      return bound;
    },
  };
}

function hasAll({ rows }: Known, subscriptionIds: readonly string[]): boolean {
  const known = new Set(rows.map(({ subscriptionId }) => subscriptionId));
  return subscriptionIds.every((id) => known.has(id));
}

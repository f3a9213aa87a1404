/** What was used in the last so many milliseconds, kept in equal parts so that it costs the same at any load. */
export interface UsageWindow {
  add(amount: number): void;
  used(): number;
  /** Whole seconds until no more than `amount` of the present use is left in the window; 0 when that is so now. */
  secondsUntilAtMost(amount: number): number;
}

const PARTS = 60;

export function createUsageWindow(lengthSeconds: number, now: () => number): UsageWindow {
  const partMs = (lengthSeconds * 1000) / PARTS;
  const parts = new Map<number, number>();
  let newest = 0;

  /** The part `now` lies in. A clock set back does not bring use back. */
  function currentPart(): number {
    newest = Math.max(newest, Math.floor(now() / partMs));
    for (const part of parts.keys()) if (part <= newest - PARTS) parts.delete(part);
    return newest;
  }

  function used(): number {
    currentPart();
    return [...parts.values()].reduce((sum, amount) => sum + amount, 0);
  }

  return {
    add(amount) {
      const part = currentPart();
      parts.set(part, (parts.get(part) ?? 0) + amount);
    },
    used,
    secondsUntilAtMost(amount) {
      let left = used();
      let until = now();
      for (const [part, partAmount] of parts) {
        if (left <= amount) break;
        left -= partAmount;
        until = (part + PARTS) * partMs;
      }
      return Math.ceil((until - now()) / 1000);
    },
  };
}

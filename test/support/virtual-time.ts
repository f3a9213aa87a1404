import { setImmediate as settled } from 'node:timers/promises';

/** Time that passes only when everybody waits for it. */
export interface VirtualTime {
  nowMs: () => number;
  sleep: (milliseconds: number) => Promise<void>;
  /** Lets time pass until nobody sleeps any more, or until `endMs`. */
  run: (endMs?: number) => Promise<void>;
}

export function virtualTime(): VirtualTime {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  return {
    nowMs: () => now,
    sleep: (milliseconds) =>
      new Promise((wake) => {
        sleepers.push({ at: now + Math.max(0, milliseconds), wake });
      }),
    async run(endMs = Infinity) {
      for (;;) {
        await settled();
        const next = sleepers.reduce<number>(
          (best, { at }, index) => (best < 0 || at < sleepers[best]!.at ? index : best),
          -1,
        );
        if (next < 0 || sleepers[next]!.at > endMs) return;
        const [sleeper] = sleepers.splice(next, 1);
        now = Math.max(now, sleeper!.at);
        sleeper!.wake();
      }
    },
  };
}

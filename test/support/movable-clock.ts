/** A clock that stands until a test moves it. */
export interface MovableClock {
  /** Milliseconds, as a monotonic clock counts them. */
  monotonicMs: () => number;
  now: () => Date;
  advance: (milliseconds: number) => void;
}

export function movableClock(start = '2026-11-24T09:00:00.000Z'): MovableClock {
  let passed = 0;
  const startMs = Date.parse(start);
  return {
    monotonicMs: () => passed,
    now: () => new Date(startMs + passed),
    advance: (milliseconds) => {
      passed += milliseconds;
    },
  };
}

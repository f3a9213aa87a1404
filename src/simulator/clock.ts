import type { SimulatorClock } from './books';

/** The machine's clock plus an offset that only grows. Whoever waits for a time listens for the moves. */
export class MovableClock implements SimulatorClock {
  private readonly listeners = new Set<() => void>();

  /** `kept.offsetMs` is how far it was moved, in this run and in earlier ones. */
  constructor(private readonly kept = { offsetMs: 0 }) {}

  now(): number {
    return Date.now() + this.kept.offsetMs;
  }

  iso(): string {
    return new Date(this.now()).toISOString();
  }

  get offsetSeconds(): number {
    return this.kept.offsetMs / 1_000;
  }

  advance(seconds: number): void {
    this.kept.offsetMs += seconds * 1_000;
    for (const listener of this.listeners) listener();
  }

  onAdvance(listener: () => void): void {
    this.listeners.add(listener);
  }
}

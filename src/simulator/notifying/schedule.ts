import type { MovableClock } from '../clock';

const LONGEST_TIMER_MS = 24 * 60 * 60 * 1_000;

/** Runs things when the simulator's clock reaches their time, whether it ticks there or is moved there. */
export class Schedule {
  private entries: { dueAt: number; run: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private nextDueAt = Infinity;
  private stopped = false;

  constructor(private readonly clock: MovableClock) {
    clock.onAdvance(() => {
      this.runDue();
    });
  }

  in(delayMs: number, run: () => void): void {
    if (this.stopped) return;
    const dueAt = this.clock.now() + delayMs;
    this.entries.push({ dueAt, run });
    if (dueAt < this.nextDueAt) this.wakeAt(dueAt);
  }

  get size(): number {
    return this.entries.length;
  }

  /** Nothing runs any more, whatever is still asked for. */
  stop(): void {
    this.stopped = true;
    this.entries = [];
    this.wakeAt(Infinity);
  }

  private wakeAt(dueAt: number): void {
    clearTimeout(this.timer);
    this.nextDueAt = dueAt;
    if (dueAt === Infinity) return;
    const wait = Math.min(Math.max(0, dueAt - this.clock.now()), LONGEST_TIMER_MS);
    this.timer = setTimeout(() => {
      this.runDue();
    }, wait);
  }

  private runDue(): void {
    const now = this.clock.now();
    const due = this.entries.filter(({ dueAt }) => dueAt <= now);
    this.entries = this.entries.filter(({ dueAt }) => dueAt > now);
    this.wakeAt(this.entries.reduce((earliest, { dueAt }) => Math.min(earliest, dueAt), Infinity));
    for (const { run } of due.sort((one, other) => one.dueAt - other.dueAt)) run();
  }
}

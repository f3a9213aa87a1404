import type { Scheduler } from 'fast-check';
import type { Random } from '../../protocol/random';

const start = Date.parse('2026-11-24T09:00:00Z');
const stepLimit = 20_000;

/** Storage's servers are wrong about the time by up to so many milliseconds either way. */
const skewMs = 1000;

/**
 * Whatever happens takes a turn, and among all that could happen next fast-check chooses. Time is made up: each turn
 * takes a moment, and when nothing can happen any more it leaps to what is due next.
 */
export class Timeline {
  private nowMs = 0;
  private turns = 0;
  private waiting: { dueMs: number; release: () => void }[] = [];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly paceMs: number,
    private readonly random: Random,
  ) {}

  /** Resolves when it is the caller's turn, not before `delayMs` have passed. */
  async turn(delayMs = 0): Promise<void> {
    if (delayMs > 0) {
      await new Promise<void>((release) => {
        this.waiting.push({ dueMs: this.nowMs + delayMs, release });
      });
    }
    await this.scheduler.schedule(ready);
    if (++this.turns > stepLimit) throw new Error('The schedule does not come to rest.');
    this.passTo(this.nowMs + this.paceMs);
  }

  /** Until nothing is left that could happen or will be due. */
  async playToRest(): Promise<void> {
    do {
      await settled();
      while (this.scheduler.count() > 0) {
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- waitNext waits longer, for what has settled here
        await this.scheduler.waitOne();
        await settled();
      }
    } while (this.leap());
  }

  /** A clock that no one can set. */
  monotonicMs(): number {
    return this.nowMs;
  }

  /** What a storage server writes into a `Date` header: whole seconds, and no two servers agree exactly. */
  serverTime(): Date {
    const skew = this.random.below(2 * skewMs + 1) - skewMs;
    return new Date(Math.floor((start + this.nowMs + skew) / 1000) * 1000);
  }

  private leap(): boolean {
    if (this.waiting.length === 0) return false;
    this.passTo(Math.min(...this.waiting.map(({ dueMs }) => dueMs)));
    return true;
  }

  private passTo(nowMs: number): void {
    this.nowMs = nowMs;
    if (!this.waiting.some(({ dueMs }) => dueMs <= nowMs)) return;
    const due = this.waiting.filter(({ dueMs }) => dueMs <= nowMs);
    this.waiting = this.waiting.filter(({ dueMs }) => dueMs > nowMs);
    for (const { release } of due) release();
  }
}

const ready = Promise.resolve();

/** Everybody has gone on as far as they can and waits for a turn. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

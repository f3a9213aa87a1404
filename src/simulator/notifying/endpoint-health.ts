import type { SimulatorClock } from '../books';

const MINUTE = 60_000;

/** Judged over the answers of the last ten minutes, and only when there are enough of them. */
const WINDOW_MS = 10 * MINUTE;
const JUDGED_FROM = 100;

/** An answer that takes longer counts as slow. */
export const SLOW_MS = 2_900;

const SLOW_SHARE = 0.1;
const DROP_SHARE = 0.15;

export type EndpointState = 'good' | 'slow' | 'drop';

/**
 * Graph's view of an endpoint: more than 10 % slow answers within ten minutes, and new notifications are delayed;
 * more than 15 %, and they are dropped, unrecoverably, until the window has passed.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#throttling
 */
export class EndpointHealth {
  private readonly answers: { at: number; slow: boolean }[] = [];
  private slowAnswers = 0;

  constructor(private readonly clock: SimulatorClock) {}

  record(durationMs: number): void {
    const slow = durationMs > SLOW_MS;
    this.answers.push({ at: this.clock.now(), slow });
    if (slow) this.slowAnswers++;
  }

  state(): EndpointState {
    const from = this.clock.now() - WINDOW_MS;
    for (let oldest = this.answers[0]; oldest !== undefined && oldest.at < from; oldest = this.answers[0]) {
      this.answers.shift();
      if (oldest.slow) this.slowAnswers--;
    }
    if (this.answers.length < JUDGED_FROM) return 'good';
    const share = this.slowAnswers / this.answers.length;
    if (share > DROP_SHARE) return 'drop';
    return share > SLOW_SHARE ? 'slow' : 'good';
  }
}

import type { MovableClock } from '../clock';
import type { EventStream } from '../event-stream';

const KEPT = 50_000;

export interface DeliveryAttempt {
  n: number;
  time: string;
  personIds: string[];
  /** 0: no answer. */
  status: number;
  durationMs: number;
  attempt: number;
}

/** Every attempt to deliver a notification, the latest fifty thousand. */
export class DeliveryLog {
  private readonly attempts: DeliveryAttempt[] = [];
  private last = 0;

  constructor(
    private readonly clock: MovableClock,
    private readonly events: EventStream,
  ) {}

  add(attempt: Omit<DeliveryAttempt, 'n' | 'time'>): void {
    const entry: DeliveryAttempt = { n: ++this.last, time: this.clock.iso(), ...attempt };
    this.attempts.push(entry);
    if (this.attempts.length > KEPT * 1.1) this.attempts.splice(0, this.attempts.length - KEPT);
    this.events.emit('notification', { ...attempt });
  }

  since(n: number): DeliveryAttempt[] {
    const first = this.attempts[0]?.n ?? 1;
    return this.attempts.slice(Math.max(0, n + 1 - first));
  }
}

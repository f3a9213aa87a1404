import type { ServiceRole } from './books';
import type { EventStream } from './event-stream';
import type { MovableClock } from './clock';

/** A batch counts for each of its parts, or a sweep through a large tenant would take gigabytes. */
const KEPT = 200_000;

export interface LoggedRequest {
  n: number;
  time: string;
  service: ServiceRole;
  method: string;
  /** Path and query. */
  path: string;
  /** 0: the connection was cut before an answer. */
  status: number;
  durationMs: number;
  userAgent: string;
  /** What a `$batch` held. */
  inner?: { method: string; path: string; status: number }[];
}

/** Every request the simulator served, the latest two hundred thousand, parts of batches included. Never a header or a body. */
export class RequestLog {
  private readonly requests: LoggedRequest[] = [];
  private last = 0;
  private kept = 0;

  constructor(
    private readonly clock: MovableClock,
    private readonly events: EventStream,
  ) {}

  add(request: Omit<LoggedRequest, 'n' | 'time'>): void {
    const entry: LoggedRequest = { n: ++this.last, time: this.clock.iso(), ...request };
    this.requests.push(entry);
    this.kept += weightOf(entry);
    if (this.kept > KEPT * 1.1) this.forgetOldest();
    const { n, time, ...detail } = entry;
    this.events.emit('request', { request: n, ...detail, time });
  }

  since(n: number): LoggedRequest[] {
    const first = this.requests[0]?.n ?? 1;
    return this.requests.slice(Math.max(0, n + 1 - first));
  }

  get latest(): number {
    return this.last;
  }

  /** In one large piece: each cut moves the whole array. */
  private forgetOldest(): void {
    let oldest = 0;
    for (; this.kept > KEPT; oldest++) this.kept -= weightOf(this.requests[oldest]);
    this.requests.splice(0, oldest);
  }
}

const weightOf = (request: LoggedRequest | undefined): number => 1 + (request?.inner?.length ?? 0);

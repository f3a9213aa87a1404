import type { MovableClock } from './clock';

const KEPT = 5_000;

export interface TenantEvent {
  n: number;
  time: string;
  type: 'request' | 'app' | 'change' | 'synced' | 'notification' | 'fault' | 'clock';
  [detail: string]: unknown;
}

/** What happens in the tenant, in order: the latest five thousand events, and whoever follows them live. */
export class EventStream {
  private readonly events: TenantEvent[] = [];
  private readonly followers = new Set<(event: TenantEvent) => void>();
  private last = 0;

  constructor(private readonly clock: MovableClock) {}

  emit(type: TenantEvent['type'], detail: Record<string, unknown>): void {
    const event: TenantEvent = { n: ++this.last, time: this.clock.iso(), type, ...detail };
    this.events.push(event);
    // Cut in larger pieces: a cut moves the whole array.
    if (this.events.length > KEPT * 1.2) this.events.splice(0, this.events.length - KEPT);
    for (const follower of this.followers) follower(event);
  }

  since(n: number): TenantEvent[] {
    const first = this.events[0]?.n ?? 1;
    return this.events.slice(Math.max(0, n + 1 - first));
  }

  follow(follower: (event: TenantEvent) => void): () => void {
    this.followers.add(follower);
    return () => this.followers.delete(follower);
  }

  get latest(): number {
    return this.last;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceRole } from '../books';
import { isServiceFault, type Fault, type NotificationFault, type ServiceFault } from './fault-schema';

interface InForce {
  fault: Fault;
  match: RegExp | undefined;
  fitted: number;
  hits: number;
}

/** The faults in force. The first that fits a request is taken and counted. */
export class FaultBoard {
  private inForce: InForce[] = [];
  /** What ends the delays of a fault once it is lifted. */
  private readonly lifting = new WeakMap<Fault, AbortController>();

  constructor(private readonly random: () => number = Math.random) {}

  set(faults: readonly Fault[]): void {
    const before = new Map(this.inForce.map(({ fault }) => [JSON.stringify(fault), fault]));
    this.inForce = faults.map((given) => {
      const fault = before.get(JSON.stringify(given)) ?? given;
      return {
        fault,
        match: isServiceFault(fault) && fault.match !== undefined ? new RegExp(fault.match) : undefined,
        fitted: 0,
        hits: 0,
      };
    });
    const stay = new Set(this.inForce.map(({ fault }) => fault));
    for (const fault of before.values()) if (!stay.has(fault)) this.lifting.get(fault)?.abort();
  }

  /** Lasts as long as the fault delays, or until it is no longer in force. */
  async delay(fault: ServiceFault | undefined): Promise<void> {
    if (fault?.delayMs === undefined) return;
    const lifting = this.lifting.get(fault) ?? new AbortController();
    this.lifting.set(fault, lifting);
    const { signal } = lifting;
    await sleep(fault.delayMs, undefined, { ref: false, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  list(): (Fault & { hits: number })[] {
    return this.inForce.map(({ fault, hits }) => ({ ...fault, hits }));
  }

  /** `line`: `METHOD /path?query`, as sent. */
  forRequest(service: ServiceRole, line: string): ServiceFault | undefined {
    return this.take((entry): entry is InForce & { fault: ServiceFault } => {
      const { fault, match } = entry;
      return isServiceFault(fault) && fault.service === service && (match === undefined || match.test(line));
    });
  }

  forNotification(): NotificationFault | undefined {
    return this.take(
      (entry): entry is InForce & { fault: NotificationFault } => !isServiceFault(entry.fault),
    );
  }

  private take<F extends Fault>(fits: (entry: InForce) => entry is InForce & { fault: F }): F | undefined {
    for (const entry of this.inForce) {
      if (!fits(entry)) continue;
      const { skip, times, probability } = entry.fault;
      if (skip !== undefined && entry.fitted < skip) {
        entry.fitted++;
        continue;
      }
      if (times !== undefined && entry.hits >= times) continue;
      if (probability !== undefined && this.random() >= probability) continue;
      entry.hits++;
      return entry.fault;
    }
    return undefined;
  }
}

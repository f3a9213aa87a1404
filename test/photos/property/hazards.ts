import { ServiceFailure } from '../../../src/errors';
import type { Hazard, Outage, Schedule, Service } from './schedule';
import type { Timeline } from './timeline';

/** Whoever carries out one delivery of a message. */
export interface Worker {
  name: string;
  /** Dead or done. Of two calls at once, the other one may be left over. */
  isGone: boolean;
  /**
   * The queue took it for dead and gave its message to another; it goes on. It may no longer give up without a trace
   * while a request of its own may still be under way: this is what claim and force can't close.
   */
  isTakenForDead: boolean;
  /** Whether this is the message's last try at being recorded as poison, after which nobody would see it again. */
  isLastHope: boolean;
  die: () => void;
  takeForDead: () => void;
}

/** A refusal that is no failure of the service: the queue's five tries are for these. */
export class Refused extends Error {}

type Happening = Hazard['happens'];

/** Sees to it that every call of a worker waits for its turn, and meets what the schedule has in store for it. */
export class Hazards {
  private readonly notes: [ms: number, ...words: unknown[]][] = [];
  /** True once nothing may happen any more. */
  isCalm = false;
  private readonly calls: Record<Outage['of'], number> = {
    Graph: 0,
    SharePoint: 0,
    storage: 0,
    pause: 0,
    'no profile': 0,
  };
  private readonly hazards: Map<string, Hazard>;
  private readonly outages: Outage[];

  constructor(
    private readonly timeline: Timeline,
    schedule: Schedule,
  ) {
    this.hazards = new Map(schedule.hazards.map((hazard) => [`${hazard.of} ${String(hazard.call)}`, hazard]));
    this.outages = schedule.outages;
  }

  /** @param call.ifLost what the worker is told when the answer to a comparing write is lost, and it is tried again. */
  async perform<T>(
    worker: Worker,
    call: { service: Service; what: string; about?: unknown; ifLost?: T; isSend?: boolean },
    work: () => T | Promise<T>,
  ): Promise<T> {
    if (worker.isGone) return never();
    const { stallMs, happens } = this.next(worker, call.service, call.isSend === true);
    if (happens === 'taken for dead') worker.takeForDead();
    await this.timeline.turn(stallMs);
    if (worker.isGone) return never();
    this.note(worker.name, call.what, call.about, happens);

    if (happens === 'dies before') return end(worker);
    if (happens === 'fails before') throw failure(call.service);
    if (happens === 'breaks') throw new Refused(`${call.service} refused: ${call.what}.`);
    const result = await work();
    if (happens === 'dies after') return end(worker);
    if (happens === 'fails after') throw failure(call.service);
    return happens === 'answer lost' && 'ifLost' in call ? call.ifLost : result;
  }

  /** Whether it is so at the moment, for whoever asks. */
  holds(state: 'pause' | 'no profile'): boolean {
    return this.strikes(state, this.calls[state]++) !== undefined && !this.isCalm;
  }

  /** Kept as it is, and put into words only where somebody wants to read it. */
  note(...words: unknown[]): void {
    this.notes.push([this.timeline.monotonicMs(), ...words]);
  }

  /** What happened, a line each. */
  trace(): string[] {
    return this.notes.map(([ms, ...words]) => {
      const told = words.filter((word) => word !== undefined && word !== 'nothing');
      const text = told.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' ');
      return `${(ms / 1000).toFixed(1).padStart(8)} s  ${text}`;
    });
  }

  private next(worker: Worker, service: Service, isSend: boolean): { stallMs: number; happens: Happening } {
    const call = this.calls[service]++;
    const { stallMs = 0, happens: planned = 'nothing' } =
      this.hazards.get(`${service} ${String(call)}`) ?? {};
    const outage = this.strikes(service, call);
    const how = outage?.how === 'breaks' ? 'breaks' : 'fails before';
    const happens = outage ? how : planned;
    const isSpared = this.isCalm || spares(worker, happens, isSend);
    return { stallMs, happens: isSpared ? 'nothing' : happens };
  }

  private strikes(service: Outage['of'], call: number): Outage | undefined {
    return this.outages.find(({ of, from, calls }) => of === service && from <= call && call < from + calls);
  }
}

function spares(worker: Worker, happens: Happening, isSend: boolean): boolean {
  if (worker.isLastHope) return true;
  if (!worker.isTakenForDead) return false;
  if (isSend && happens === 'fails before') return true;
  return ['dies before', 'dies after', 'breaks', 'taken for dead'].includes(happens);
}

function end<T>(worker: Worker): Promise<T> {
  worker.die();
  return never();
}

// A new one each time: what waits for a promise that never settles is forgotten only together with it.
const never = <T>() => new Promise<T>(() => {});

function failure(service: Service): ServiceFailure {
  return new ServiceFailure(service, `${service} is not well (503).`, { status: 503 });
}

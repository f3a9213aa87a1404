import type { PhotoEvent } from '../photos/photo-event';
import type { ScopeSource } from '../scope/scope-source';
import type { ControlReading } from '../storage/control-table';
import { queueNames, type PhotoQueueName } from '../storage/names';
import { ServiceFailure } from '../errors';
import type { Log } from '../log';
import {
  breakerStop,
  heedResume,
  noteRemovalSeen,
  noteWearer,
  tripBreaker,
  type BreakerDeps,
} from './breaker';
import { decideDoctor, type DoctorNeed } from './decide-doctor';
import type { Ask } from './decide-reservation';
import { endTurn, noteReporting, waitForTurn, type FirstWritesDeps } from './first-writes';
import {
  dayLimitReason,
  giveWriteBack,
  isDayOver,
  pauseBudget,
  reserveBudget,
  type BudgetDeps,
} from './reserve-budget';
import { costOf } from './work-costs';

/** Why nothing is written now: for this person, or (all but `out-of-scope`) for anyone. */
export interface Stop {
  code: 'paused' | 'doctor' | 'breaker' | 'day-limit' | 'scope' | 'out-of-scope';
  reason: string;
}

/** What is about to be done in SharePoint for one person. */
export interface IntendedWork {
  personId: string;
  /** Live events may take the whole burst of the budget, the backlog only half. */
  queue: PhotoQueueName;
  cause: PhotoEvent['cause'];
  /** `check` reads only: nothing but the budget concerns it. `trial` is the doctor's, which takes back what it writes. */
  kind: 'write' | 'clear' | 'restore' | 'check' | 'trial';
  /** SHA-256 (hex) of the largest picture, where one is written: the same for many persons stops the writer. */
  pictureSha256?: string | undefined;
}

/**
 * `mustReadBack`: one of the first writes after a switch to apply; how it ends is to be told by `endFirstWrite`.
 * `countedOn`: the UTC day that counts it as a write, if one does; see `giveBack`.
 */
export type Admission = { stop: Stop } | { mustReadBack: boolean; countedOn?: string | undefined };

/** `not-written`: it ended before it was read back, however it ended. */
export type FirstWriteEnd = 'as-written' | 'not-written' | { problem: string };

/**
 * Whether SharePoint may be written to: the pause, the breaker, the scope, the budget of requests and the count of
 * the day, for all instances together.
 */
export interface WriteGate {
  /**
   * Right before each request to SharePoint that belongs to a write.
   * @param kind a `restore` takes a write back, as a `trial` does, so nothing but a pause stops them.
   */
  stopFor(personId: string, kind?: IntendedWork['kind']): Promise<Stop | undefined>;
  /**
   * Before a photo's bytes are read, which a sweep has done again and again for whoever is left unfinished by a stop:
   * what is known to stop the write that they would be for. Nothing is taken.
   */
  stopAhead(personId: string): Promise<Stop | undefined>;
  /**
   * Before a claim: takes what the work costs from the budget, and waits for it up to 20 s.
   * @throws ServiceFailure where the wait would be longer: the event comes back then.
   */
  admit(work: IntendedWork): Promise<Admission>;
  /**
   * Of what was admitted, nothing was written: the day does not count it. Where that can't be noted, the day has counted
   * one too many, which is the safe side.
   */
  giveBack(admission: { countedOn?: string | undefined }): Promise<void>;
  /** Lets the next of the first writes in. @returns the stop that a picture which did not stay leads to. */
  endFirstWrite(personId: string, end: FirstWriteEnd): Promise<Stop | undefined>;
  /** Writing goes on if an admin said so, though nobody is to be written yet. */
  heedResume(): Promise<void>;
  /** The app only reports: once it writes, its first writes are read back. */
  reportsOnly(): Promise<void>;
  /** SharePoint said 429: nobody asks it for anything until then. @param retryAfterSeconds 0: it did not say how long. */
  throttled(retryAfterSeconds: number): Promise<void>;
  /** A picture of ours whose photo is gone was seen for the first time. @param now Graph's time. */
  removalSeen(personId: string, now: Date): Promise<void>;
}

/** What all events of a process share. */
export interface GateDeps {
  scope: ScopeSource;
  maximumWritesPerDay: number;
  doctor: DoctorNeed;
  breaker: BreakerDeps;
  /** The control rows as they were a second ago at most; see recent-control.ts. */
  recentControl: () => Promise<ControlReading>;
  budget: BudgetDeps;
  firstWrites: FirstWritesDeps;
}

export function createWriteGate(deps: GateDeps, log: Log): WriteGate {
  const { scope, breaker, budget, firstWrites } = deps;

  const readAndJudge = async (
    read: () => Promise<ControlReading>,
    personId: string,
    kind?: IntendedWork['kind'],
  ) => {
    const [reading, unknown, standing] = await Promise.all([
      read(),
      scope.unknownBecause(),
      scope.standingOf(personId),
    ]);
    const stopBy = async (): Promise<Stop | undefined> => {
      const { pausedBecause } = reading;
      if (pausedBecause !== undefined) {
        return { code: 'paused', reason: `Writing is paused: ${pausedBecause}.` };
      }
      if (kind === 'restore' || kind === 'trial') return undefined;
      const untried = decideDoctor(reading.doctor, deps.doctor);
      if (untried !== undefined) return { code: 'doctor', reason: untried };
      const stop = await breakerStop(breaker, log, reading);
      if (stop) return stop;
      if (unknown !== undefined) return { code: 'scope', reason: unknown };
      if (standing.isExcluded || !standing.isIncluded) {
        return { code: 'out-of-scope', reason: 'This person left the scope.' };
      }
      return undefined;
    };
    return { reading, stop: await stopBy() };
  };

  const dayStop = (): Stop => ({ code: 'day-limit', reason: dayLimitReason(deps.maximumWritesPerDay) });

  const reserve = async (work: IntendedWork, mustReadBack: boolean): Promise<Admission> => {
    const ask: Ask = {
      lane: laneOf(work),
      cost: costOf(work.kind, mustReadBack),
      maximumWritesPerDay: countsAsWrite(work) ? deps.maximumWritesPerDay : undefined,
    };
    const outcome = await reserveBudget(budget, log, ask);
    if (outcome === 'day-limit') return { stop: dayStop() };
    return { mustReadBack, countedOn: outcome.countedOn };
  };

  return {
    stopFor: async (personId, kind) => (await readAndJudge(deps.recentControl, personId, kind)).stop,

    async stopAhead(personId) {
      // What was a second ago may be over, and an event that is stopped waits for a sweep.
      if ((await readAndJudge(deps.recentControl, personId)).stop) {
        const { stop } = await readAndJudge(() => breaker.control.read(), personId);
        if (stop) return stop;
      }
      return (await isDayOver(budget, deps.maximumWritesPerDay)) ? dayStop() : undefined;
    },

    async admit(work) {
      const { personId, kind, pictureSha256 } = work;
      if (kind === 'check') {
        await reserve(work, false);
        return { mustReadBack: false };
      }
      const { reading, stop } = await readAndJudge(() => breaker.control.read(), personId, kind);
      if (stop) return { stop };
      const sameStop = pictureSha256 && (await noteWearer(breaker, log, personId, pictureSha256));
      if (sameStop) return { stop: sameStop };
      const mustReadBack = kind === 'write' && (await waitForTurn(firstWrites, personId, reading));
      try {
        const admission = await reserve(work, mustReadBack);
        if ('stop' in admission && mustReadBack) await endTurn(firstWrites, personId, false);
        return admission;
      } catch (error) {
        if (mustReadBack) await endTurn(firstWrites, personId, false);
        throw error;
      }
    },

    async giveBack({ countedOn }) {
      if (countedOn === undefined) return;
      try {
        await giveWriteBack(budget, countedOn);
      } catch (error) {
        if (!(error instanceof ServiceFailure)) throw error;
        log.warn('write-not-given-back', { day: countedOn, reason: error.message });
      }
    },

    async endFirstWrite(personId, end) {
      const reason =
        typeof end === 'object' &&
        `One of the first pictures did not stay as it was written: ${end.problem}. The log line breaker-stopped has whose.`;
      const stop = reason
        ? await tripBreaker(breaker, log, { kind: 'first-writes', reason }, personId)
        : undefined;
      await endTurn(firstWrites, personId, end === 'as-written');
      return stop;
    },

    heedResume: () => heedResume(breaker, log),
    reportsOnly: () => noteReporting(firstWrites),
    throttled: (retryAfterSeconds) => pauseBudget(budget, retryAfterSeconds),
    removalSeen: (personId, now) => noteRemovalSeen(breaker, log, personId, now),
  };
}

function laneOf({ queue, cause }: IntendedWork): Ask['lane'] {
  if (cause === 'deferred') return 'deferred';
  return queue === queueNames.photoChanged ? 'live' : 'backlog';
}

/** The day's limit guards against writing too much by mistake. A restore takes back a write that was counted already. */
const countsAsWrite = ({ kind }: IntendedWork): boolean => kind === 'write' || kind === 'clear';

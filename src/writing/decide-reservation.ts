import type { BudgetSettings } from './limits';
import type { Cost } from './work-costs';

/**
 * The budget of requests to SharePoint, in one row for all instances. Times are milliseconds since 1970 by Storage's
 * clock. A limit's `readyAt` is when all that was taken is paid for: how far it lies ahead is how much was taken in
 * advance, and the burst is how far it may.
 */
export interface Budget {
  peopleManagerReadyAt: number;
  unitsReadyAt: number;
  /** Of the small share for people who could not be written before. */
  deferredReadyAt: number;
  /** SharePoint said 429: nobody asks it for anything until then. */
  pausedUntil: number;
  /** After that pause one piece of work has gone ahead, to see whether SharePoint is well again. */
  isProbed: boolean;
  /** When the last of those comes back who were told to come back later. */
  liveTailAt: number;
  backlogTailAt: number;
  deferredTailAt: number;
  /** The UTC day that `writes` counts, like 2026-11-27. */
  day: string;
  writes: number;
  /** The day on which it was told that the day's writes are used up. */
  stopToldOn: string;
}

export interface Ask {
  lane: 'live' | 'backlog' | 'deferred';
  cost: Cost;
  /** Undefined for what does not count as a write of the day. */
  maximumWritesPerDay: number | undefined;
}

export type Reservation =
  /** `countedOn`: the UTC day that counts it as a write, if one does. */
  | { kind: 'take'; budget: Budget; countedOn: string | undefined }
  | { kind: 'wait'; waitMs: number }
  /** `budget` is to be written by whoever tells of it: it is told once a day. */
  | { kind: 'day-limit'; budget: Budget | undefined };

/**
 * How much may be taken in advance. SharePoint counts units by the minute: a burst of 30 s and the minute after it are
 * one and a half times the share, so with the default share of a half all fits under SharePoint's own limit, and below
 * the 80 % from which on it warns.
 */
export const burstMs = 30_000;
/** The backlog leaves the other half of the burst to live events. */
const backlogBurstMs = burstMs / 2;
const deferredShare = 0.05;
/** How long all others wait for what SharePoint says to the first piece of work after a pause. */
const probeMs = 5000;
/** What is less than that is rounding. */
const roundingMs = 1e-6;

export function decideReservation(
  budget: Budget,
  ask: Ask,
  now: number,
  settings: BudgetSettings,
): Reservation {
  const { lane, cost, maximumWritesPerDay } = ask;
  const day = new Date(now).toISOString().slice(0, 10);
  const writes = budget.day === day ? budget.writes : 0;
  if (maximumWritesPerDay !== undefined && writes >= maximumWritesPerDay) {
    return {
      kind: 'day-limit',
      budget: budget.stopToldOn === day ? undefined : { ...budget, stopToldOn: day },
    };
  }

  const burst = lane === 'live' ? burstMs : backlogBurstMs;
  const openAt = Math.max(
    budget.pausedUntil,
    budget.peopleManagerReadyAt - burst,
    budget.unitsReadyAt - burst,
    lane === 'deferred' ? budget.deferredReadyAt - burst : 0,
  );
  if (openAt > now) return { kind: 'wait', waitMs: openAt - now };

  const paidAt = (readyAt: number, ms: number) => Math.ceil(Math.max(now, readyAt) + ms - roundingMs);
  const isProbe = budget.pausedUntil > 0 && !budget.isProbed;
  return {
    kind: 'take',
    countedOn: maximumWritesPerDay === undefined ? undefined : day,
    budget: {
      ...budget,
      ...(isProbe && { pausedUntil: now + probeMs, isProbed: true }),
      peopleManagerReadyAt: paidAt(
        budget.peopleManagerReadyAt,
        (cost.peopleManager / settings.peopleManagerPerSecond) * 1000,
      ),
      unitsReadyAt: paidAt(budget.unitsReadyAt, (cost.units / settings.unitsPerSecond) * 1000),
      ...(lane === 'deferred' && { deferredReadyAt: paidAt(budget.deferredReadyAt, paceMs(ask, settings)) }),
      day,
      writes: writes + (maximumWritesPerDay === undefined ? 0 : 1),
    },
  };
}

/** What was counted was no write in the end. @returns undefined where that day's count is gone already. */
export function decideGiveBack(budget: Budget, countedOn: string): Budget | undefined {
  if (budget.day !== countedOn || budget.writes === 0) return undefined;
  return { ...budget, writes: budget.writes - 1 };
}

/** Whether the day's writes are used up, and that was told already. */
export function isOverForToday(budget: Budget, maximumWritesPerDay: number, now: number): boolean {
  const day = new Date(now).toISOString().slice(0, 10);
  return budget.day === day && budget.stopToldOn === day && budget.writes >= maximumWritesPerDay;
}

/**
 * When to come back for somebody who can't wait: one after the other, as fast as the budget lets them, so that many do
 * not all come at once and find that they were too many.
 * @param waitMs for how long nobody of this lane may take anything.
 */
export function decideComeBack(
  budget: Budget,
  ask: Ask,
  waitMs: number,
  now: number,
  settings: BudgetSettings,
): { budget: Budget; comeBackMs: number } {
  const tail = `${ask.lane}TailAt` as const;
  const at = Math.ceil(Math.max(now + waitMs, budget[tail]) + paceMs(ask, settings));
  return { budget: { ...budget, [tail]: at }, comeBackMs: at - now };
}

/** From one piece of such work to the next, when nothing else takes from the budget. */
function paceMs({ lane, cost }: Ask, settings: BudgetSettings): number {
  const ms =
    Math.max(cost.peopleManager / settings.peopleManagerPerSecond, cost.units / settings.unitsPerSecond) *
    1000;
  return lane === 'deferred' ? ms / deferredShare : ms;
}

/** SharePoint said to wait: the longest of what it says counts. @returns undefined where that is known already. */
export function decidePause(budget: Budget, retryAfterMs: number, now: number): Budget | undefined {
  const pausedUntil = Math.max(budget.pausedUntil, Math.ceil(now + retryAfterMs));
  if (pausedUntil === budget.pausedUntil && !budget.isProbed) return undefined;
  return { ...budget, pausedUntil, isProbed: false };
}

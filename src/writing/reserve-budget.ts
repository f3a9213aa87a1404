import { ServiceFailure } from '../errors';
import type { Log } from '../log';
import type { BudgetTable } from '../storage/budget-table';
import { untilWon, type Waiting } from '../storage/until-won';
import {
  decideComeBack,
  decideGiveBack,
  decidePause,
  decideReservation,
  isOverForToday,
  type Ask,
} from './decide-reservation';
import type { BudgetSettings } from './limits';

/** How long an invocation sleeps at most; for a longer wait the event comes back. */
export const longestSleepMs = 20_000;
const firstSpreadMs = 100;
const longestSpreadMs = 5000;
/** SharePoint tells how long to wait; where it does not, this. */
const usualPauseSeconds = 30;
/** Whatever an answer says, writing must go on some day without an admin. */
const longestPauseSeconds = 24 * 3600;

export interface BudgetDeps extends Waiting {
  table: BudgetTable;
  settings: BudgetSettings;
  /** Milliseconds of a clock that no one can set. */
  monotonicMs: () => number;
  /** See storage-clock.ts. */
  storageTimeMs: (readAt: Date, askedAtMs: number) => number;
  /** See turns.ts: what one worker of this process has read is not written by another meanwhile. */
  inTurn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Takes what the work costs from the budget that all instances share, and sleeps until it may. Nothing is taken before:
 * those who sleep in the backlog would push a live event back.
 * @returns the day that counts it as a write, see decideReservation; or that no more are written today.
 * @throws ServiceFailure where it would sleep for more than 20 s: the event comes back then.
 */
export async function reserveBudget(
  deps: BudgetDeps,
  log: Log,
  ask: Ask,
): Promise<'day-limit' | { countedOn: string | undefined }> {
  const { table, settings, monotonicMs, sleep, random, inTurn } = deps;
  const tryOnce = async () => {
    const { budget, token, now } = await readBudget(deps);
    const decided = decideReservation(budget, ask, now, settings);
    const isWritten =
      decided.kind !== 'wait' && decided.budget && (await table.write(token, decided.budget)) !== undefined;
    return { decided, isWritten };
  };
  const startedAt = monotonicMs();
  for (let tries = 0; ; tries++) {
    const { decided, isWritten } = await inTurn(tryOnce);
    if (decided.kind === 'day-limit') {
      if (isWritten) {
        const limit = ask.maximumWritesPerDay ?? 0;
        log.error('writes-stopped', { reason: dayLimitReason(limit), day: decided.budget?.stopToldOn });
      }
      return 'day-limit';
    }
    if (decided.kind === 'take' && isWritten) return { countedOn: decided.countedOn };

    const waitMs = decided.kind === 'wait' ? decided.waitMs : 0;
    const leftMs = longestSleepMs - (monotonicMs() - startedAt);
    if (waitMs >= leftMs) return comeBackLater(deps, ask, waitMs);
    // Everybody is told the same time, and only one can have it: the oftener in vain, the further apart.
    const spreadMs = Math.min(firstSpreadMs * 2 ** tries, longestSpreadMs);
    await sleep(Math.min(waitMs + random() * spreadMs, leftMs));
  }
}

/** Takes one write off that day's count. What was taken of the requests to SharePoint stays taken. @throws ServiceFailure */
export async function giveWriteBack(deps: BudgetDeps, countedOn: string): Promise<void> {
  const tryOnce = async () => {
    const { budget, token } = await deps.table.read();
    const given = decideGiveBack(budget, countedOn);
    return !given || (await deps.table.write(token, given)) !== undefined ? undefined : 'lost';
  };
  await untilWon(deps, () => deps.inTurn(tryOnce));
}

/** Whether nothing more is written today, as far as it was told: who finds it out first is to tell it. */
export async function isDayOver(deps: BudgetDeps, maximumWritesPerDay: number): Promise<boolean> {
  const { budget, now } = await readBudget(deps);
  return isOverForToday(budget, maximumWritesPerDay, now);
}

export const dayLimitReason = (limit: number) =>
  `MAX_WRITES_PER_DAY (${String(limit)}) is reached for today (UTC). A sweep takes up what is left once the day is over or the setting is higher.`;

/** All instances keep from SharePoint until then, live events too. */
export async function pauseBudget(deps: BudgetDeps, retryAfterSeconds: number): Promise<void> {
  const seconds = Math.min(retryAfterSeconds || usualPauseSeconds, longestPauseSeconds);
  await untilWon(deps, async () => {
    const { budget, token, now } = await readBudget(deps);
    const paused = decidePause(budget, seconds * 1000, now);
    return !paused || (await deps.table.write(token, paused)) !== undefined ? undefined : 'lost';
  });
}

async function readBudget({ table, monotonicMs, storageTimeMs }: BudgetDeps) {
  const askedAt = monotonicMs();
  const { budget, token, readAt } = await table.read();
  return { budget, token, now: storageTimeMs(readAt, askedAt) };
}

async function comeBackLater(deps: BudgetDeps, ask: Ask, waitMs: number): Promise<never> {
  const comeBackMs = await untilWon(deps, async () => {
    const { budget, token, now } = await readBudget(deps);
    const decided = decideComeBack(budget, ask, waitMs, now, deps.settings);
    return (await deps.table.write(token, decided.budget)) !== undefined ? decided.comeBackMs : 'lost';
  });
  throw new ServiceFailure(
    'budget',
    'The share of SharePoint’s limits that the app takes is used up for now, or SharePoint asked for a pause.',
    { retryAfterSeconds: comeBackMs / 1000 },
  );
}

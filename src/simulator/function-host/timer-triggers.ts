import { CronExpressionParser } from 'cron-parser';
import type { AppFunction } from './app-functions';
import type { Invoke } from './invoke';

export interface Timer {
  stop: () => void;
}

/** setTimeout takes no more than 2^31 - 1 ms, which is 24 days. */
const longestWaitMs = 24 * 60 * 60 * 1000;

/**
 * @param schedule six fields, seconds first, in UTC: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 * @throws Error for anything else.
 */
export function nextOccurrence(schedule: string, after: Date): Date {
  if (schedule.trim().split(/\s+/).length !== 6) {
    throw new Error(`The schedule expression '${schedule}' was not recognized: it must have six fields.`);
  }
  try {
    return CronExpressionParser.parse(schedule, { currentDate: after, tz: 'UTC' }).next().toDate();
  } catch (error) {
    throw new Error(`The schedule expression '${schedule}' was not recognized.`, { cause: error });
  }
}

/** Runs a timer function at each occurrence, one at a time. @throws Error for a schedule that can't be read. */
export function startTimerTrigger(invoke: Invoke, target: AppFunction): Timer {
  if (target.trigger.kind !== 'timer') throw new Error(`${target.name} has no timer trigger.`);
  const { schedule, runOnStartup } = target.trigger;
  let last: Date | undefined;
  let pending: NodeJS.Timeout | undefined;
  let stopped = false;

  const waitFor = (due: Date) => {
    if (stopped) return;
    const wait = due.getTime() - Date.now();
    pending =
      wait > longestWaitMs
        ? setTimeout(waitFor, longestWaitMs, due)
        : setTimeout(run, Math.max(wait, 0), due);
  };
  const run = (due: Date) => {
    runTimerFunction(invoke, target, { last, next: nextOccurrence(schedule, due) })
      .catch(() => undefined) // logged
      .finally(() => {
        last = due;
        waitFor(nextOccurrence(schedule, new Date()));
      });
  };

  waitFor(nextOccurrence(schedule, new Date()));
  if (runOnStartup) runTimerFunction(invoke, target).catch(() => undefined);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(pending);
    },
  };
}

/** The library makes the names camel case: a function sees `isPastDue`. This host never catches up, so it is never past due. */
export async function runTimerFunction(
  invoke: Invoke,
  target: AppFunction,
  { last, next }: { last?: Date | undefined; next?: Date } = {},
): Promise<void> {
  const never = '0001-01-01T00:00:00';
  const timer = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: {
      Last: last?.toISOString() ?? never,
      Next: next?.toISOString() ?? never,
      LastUpdated: last?.toISOString() ?? never,
    },
    IsPastDue: false,
  };
  await invoke(target, { json: JSON.stringify(timer) });
}

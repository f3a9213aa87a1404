/** What each field may hold: second, minute, hour, day, month, day of the week. */
const limits = [
  [0, 59],
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** When each timer runs, where its setting says nothing. */
export const defaultSchedules = {
  SUBSCRIPTION_SCHEDULE: '0 */15 * * * *',
  /** Not every run begins a sweep: see sweep/decide-sweep-start.ts. */
  SWEEP_SCHEDULE: '0 0 * * * *',
  SCOPE_SCHEDULE: '0 5/15 * * * *',
} as const;

export type ScheduleName = keyof typeof defaultSchedules;

/**
 * Whether the Functions host can read it: six fields, seconds first, in UTC, of numbers, ranges, lists and steps. It
 * also knows names of months and days, which are not taken here.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function isSchedule(value: string): boolean {
  const fields = value.split(' ');
  return (
    fields.length === limits.length &&
    limits.every(([least, most], index) =>
      (fields[index] ?? '').split(',').every((part) => isPart(part, least, most)),
    )
  );
}

function isPart(part: string, least: number, most: number): boolean {
  const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/([1-9]\d?))?$/.exec(part);
  if (!match) return false;
  const from = Number(match[1] ?? least);
  const to = Number(match[2] ?? from);
  return least <= from && from <= to && to <= most;
}

/**
 * A timer's schedule. A timer with a schedule that can't be read would not be registered at all, so a bad one gives
 * way to the default here and is reported with the other settings.
 */
export function scheduleOf(name: ScheduleName, environment: Record<string, string | undefined>): string {
  const given = environment[name]?.trim() ?? '';
  return isSchedule(given) ? given : defaultSchedules[name];
}

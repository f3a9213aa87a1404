import type { Planned } from './decide-planned';
import type { Estimate } from './estimate-writing';

/** How many people there are of each code, by what would be done about them. */
export type Counts = Partial<Record<Planned, Record<string, number>>>;

export interface PlanSummary {
  /** Rows of people. */
  people: number;
  counts: Counts;
  toWrite: number;
  /** People whom the last sweep left out without a row, by the code of the reason. */
  withoutRow: Record<string, number>;
  lastSweep: { finishedAt: string; outcome: string; seen: number } | null;
  expected: Estimate;
}

const words: Record<Planned, string> = {
  write: 'to be written',
  written: 'written by the app',
  clear: 'cleared',
  wait: 'waiting',
  skip: 'left as they are',
  unknown: 'not decided yet',
};

export function asText({ people, counts, toWrite, withoutRow, lastSweep, expected }: PlanSummary): string {
  const byCode = (codes: Record<string, number>) =>
    Object.entries(codes)
      .sort(([, one], [, other]) => other - one)
      .map(([code, count]) => `${code || 'none'} ${String(count)}`)
      .join(', ');
  const lines = Object.entries(counts).map(([planned, codes]) => {
    const sum = Object.values(codes).reduce((total, count) => total + count, 0);
    return `${String(sum).padStart(7)}  ${words[planned as Planned].padEnd(19)} ${byCode(codes)}`;
  });
  const left =
    Object.keys(withoutRow).length > 0
      ? `Left out by the last sweep, without a row: ${byCode(withoutRow)}.`
      : '';
  const sweep = lastSweep
    ? `The last sweep ended at ${lastSweep.finishedAt} (${lastSweep.outcome}) and saw ${String(lastSweep.seen)} people.`
    : 'No sweep has ended yet: people whom none has seen are missing here.';
  const {
    budgetSeconds,
    days,
    peopleManagerPer5Minutes: calls,
    peopleManagerLimitPer5Minutes: most,
  } = expected;
  const share = `${String(calls)} of ${String(most)} PeopleManager calls in 5 minutes (${String(Math.round((calls / most) * 100))} % of the tenant's limit)`;
  const pace = `Writing ${String(toWrite)} takes ${duration(budgetSeconds)} at the budget's pace, over ${String(days)} day(s) with MAX_WRITES_PER_DAY, and at most ${share}.`;
  return `${[`${String(people).padStart(7)}  people on record`, ...lines, left, sweep, pace].filter(Boolean).join('\n')}\n`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${String(seconds)} s`;
  if (seconds < 7200) return `${String(Math.round(seconds / 60))} min`;
  return `${String(Math.round(seconds / 360) / 10)} h`;
}

import { sharePointLimits } from '../writing/limits';
import { costOf } from '../writing/work-costs';

/** The settings of the app that say how fast it writes, by the names of their settings. */
export interface Pace {
  SHAREPOINT_LICENCES: number;
  PEOPLE_MANAGER_LIMIT: number | undefined;
  BUDGET_PERCENT: number;
  MAX_WRITES_PER_DAY: number;
}

/** What writing so many people takes, when nothing else takes from the budget. */
export interface Estimate {
  /** As the budget of requests lets it, without the limit of a day. */
  budgetSeconds: number;
  /** Days (UTC) that MAX_WRITES_PER_DAY spreads it over. */
  days: number;
  peopleManagerCalls: number;
  /** At full speed in 5 minutes, and what SharePoint grants the whole tenant in that time. */
  peopleManagerPer5Minutes: number;
  peopleManagerLimitPer5Minutes: number;
}

const windowSeconds = 300;

export function estimateWriting(writes: number, pace: Pace): Estimate {
  const given = {
    licences: pace.SHAREPOINT_LICENCES,
    peopleManagerLimit: pace.PEOPLE_MANAGER_LIMIT,
    resourceUnitLimit: undefined,
  };
  const share = sharePointLimits({ ...given, percent: pace.BUDGET_PERCENT });
  const whole = sharePointLimits({ ...given, percent: 100 });
  const { peopleManager, units } = costOf('write', false);
  const secondsEach = Math.max(peopleManager / share.peopleManagerPerSecond, units / share.unitsPerSecond);
  return {
    budgetSeconds: Math.round(writes * secondsEach),
    days: pace.MAX_WRITES_PER_DAY > 0 ? Math.ceil(writes / pace.MAX_WRITES_PER_DAY) : Infinity,
    peopleManagerCalls: writes * peopleManager,
    peopleManagerPer5Minutes: Math.round(Math.min(writes, windowSeconds / secondsEach) * peopleManager),
    peopleManagerLimitPer5Minutes: Math.round(whole.peopleManagerPerSecond * windowSeconds),
  };
}

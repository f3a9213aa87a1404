import { isPutBack } from './decide-page-message';

const hourMs = 3_600_000;

/** The timer runs every hour; a tenant of more people than this is swept every six hours unless an admin says otherwise. */
const manyPeople = 10_000;
/** Less a margin: a sweep does not begin to the second of its timer, and the sixth run must not miss it. */
const longIntervalMs = 6 * hourMs - 10 * 60_000;

interface LastSweep {
  isFinished: boolean;
  startedAt: Date;
  putBackUntil: Date | undefined;
  /** Why another was asked for while this one ran; empty if none was. */
  wanted: string;
  /** How many people the last complete sweep saw. */
  people: number;
}

export interface SweepStart {
  /** `send-again`: one is running, or was cut off: its page is sent once more. */
  plan: 'start' | 'send-again' | 'wait';
  reason: string;
}

/** What the timer does. @param now Storage's time, as `startedAt`. */
export function decideSweepStart(
  last: LastSweep | undefined,
  settings: { isScheduled: boolean },
  now: Date,
): SweepStart {
  if (!last) return { plan: 'start', reason: 'There was no sweep yet.' };
  if (!last.isFinished && isPutBack(last, now)) {
    return { plan: 'wait', reason: 'A sweep waits for Microsoft 365, and goes on by itself.' };
  }
  if (!last.isFinished) return { plan: 'send-again', reason: 'A sweep has not finished yet.' };
  if (last.wanted) return { plan: 'start', reason: last.wanted };
  if (settings.isScheduled || last.people <= manyPeople) return { plan: 'start', reason: 'It is time.' };
  if (now.getTime() - last.startedAt.getTime() >= longIntervalMs) {
    return { plan: 'start', reason: 'Six hours have passed since the last sweep began.' };
  }
  return {
    plan: 'wait',
    reason: `The tenant has over ${String(manyPeople)} people, so it is swept every six hours; SWEEP_SCHEDULE sets another time.`,
  };
}

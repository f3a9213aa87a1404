/** A delivery of an event, and what is on record of the last time that one of its kind was seen to. */
export interface TurnFacts {
  /** By Storage's clock. */
  insertedAt: Date;
  dequeueCount: number;
  /** When work on the last one began, by Storage's clock. */
  lastBegunAt: Date | undefined;
  now: Date;
  intervalMs: number;
}

export type Turn =
  | { plan: 'begin' }
  /** Work on another one began after this one had come: it has seen to this one, too. */
  | { plan: 'drop'; reason: string }
  | { plan: 'wait'; delayMs: number; reason: string };

/** Two clocks of one service, and times that are told in whole seconds. */
const clockMarginMs = 2000;

/**
 * Whether to see to an event now, so that a flood of them leads to no more than one round of work an interval, and the
 * last of them is not lost all the same.
 */
export function decideEventTurn({ insertedAt, dequeueCount, lastBegunAt, now, intervalMs }: TurnFacts): Turn {
  if (!lastBegunAt) return { plan: 'begin' };
  // A message that comes again may itself be the one whose work began and broke off.
  if (dequeueCount <= 1 && lastBegunAt.getTime() > insertedAt.getTime() + clockMarginMs) {
    return { plan: 'drop', reason: 'One that came later has been seen to.' };
  }
  const delayMs = lastBegunAt.getTime() + intervalMs - now.getTime();
  return delayMs > 0
    ? { plan: 'wait', delayMs, reason: 'One of its kind was seen to a short while ago.' }
    : { plan: 'begin' };
}

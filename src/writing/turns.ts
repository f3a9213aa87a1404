import { setTimeout as sleep } from 'node:timers/promises';

/** A request that hangs must not hold up everybody behind it. */
const longestWaitMs = 1000;

/**
 * Lets the workers of one process do something one after the other, where they would only take it from each other.
 * Between processes nothing is promised.
 */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = Promise.race([last, sleep(longestWaitMs, undefined, { ref: false })]).then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}

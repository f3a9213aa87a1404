import { ServiceFailure } from '../errors';

const tries = 12;
const firstWaitMs = 50;
const longestWaitMs = 2000;

/** What waiting takes: a sleep of so many milliseconds, and a number from 0 to 1 for jitter. */
export interface Waiting {
  sleep: (milliseconds: number) => Promise<void>;
  random: () => number;
}

/**
 * Reads and writes a row again for as long as somebody else wrote it in between, ever more patiently.
 * @param attempt reads the row anew each time, and returns `lost` where its write came too late.
 * @throws ServiceFailure when too many workers want the row: the event comes back.
 */
export async function untilWon<T>(
  { sleep, random }: Waiting,
  attempt: () => Promise<T | 'lost'>,
): Promise<T> {
  for (let lost = 0; lost < tries; lost++) {
    const outcome = await attempt();
    if (outcome !== 'lost') return outcome;
    await sleep(random() * Math.min(firstWaitMs * 2 ** lost, longestWaitMs));
  }
  throw new ServiceFailure('storage', 'Too many workers wrote the same control row at once.', {
    retryAfterSeconds: 5 + random() * 25,
  });
}

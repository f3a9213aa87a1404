import { setTimeout as wait } from 'node:timers/promises';
import { queueNames } from '../../src/storage/names';
import type { ChaosTenant } from './start-chaos-tenant';

const quietWithinMs = 240_000;
const hour = 3600;
/** Between one sweep and the next, by the simulator's clock: confirmations, files, checks and deferred people come due. */
const advances = [2 * hour, 2 * hour, 5 * hour, 25 * hour, 25 * hour, 80 * hour, 170 * hour];

/**
 * After the last fault: sweeps, and the clock moved between them, until `isDone` says that nothing is left to do.
 * @returns how many sweeps it took, or undefined if that many did not do.
 */
export async function settle(
  chaos: ChaosTenant,
  isDone: () => Promise<boolean>,
  say: (what: string) => void,
): Promise<number | undefined> {
  for (const [index, seconds] of advances.entries()) {
    await chaos.runTimer('keep-subscription');
    if (!(await chaos.runTimer('sweep'))) throw new Error('The sweep could not be started.');
    await quiet(chaos);
    say(`sweep ${String(index + 1)} is done`);
    if (await isDone()) return index + 1;
    await chaos.control.advanceClock(seconds);
  }
  return undefined;
}

/** Until nothing is in the queues, at work or to come. */
async function quiet({ storage }: ChaosTenant): Promise<void> {
  const deadline = performance.now() + quietWithinMs;
  // A timer function sends its first message a moment after it was started.
  for (let empty = 0; empty < 4;) {
    await wait(150);
    const counts = await Promise.all(Object.values(queueNames).map((queue) => storage.waiting(queue)));
    empty = counts.every((count) => count === 0) ? empty + 1 : 0;
    if (performance.now() > deadline) throw new Error(`The queues still hold ${counts.join(', ')} messages.`);
  }
}

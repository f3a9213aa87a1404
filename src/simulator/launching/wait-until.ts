import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 200;

/** Asks until the answer is true. @returns false if it was not within the time. */
export async function waitUntil(isTrue: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await isTrue())) {
    if (Date.now() > deadline) return false;
    await delay(everyMs);
  }
  return true;
}

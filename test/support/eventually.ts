import { setTimeout as wait } from 'node:timers/promises';

const pollMs = 25;

/**
 * Waits for a condition: runs `check` until it throws no more and returns something other than `undefined` or `false`.
 * @param what is waited for, as a sentence: the error says that it did not come to pass.
 */
export async function eventually<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) {
      const why = failure instanceof Error ? `\n${failure.message}` : '';
      throw new Error(`Waited ${String(timeoutMs)} ms in vain for this: ${what}.${why}`, { cause: failure });
    }
    await wait(pollMs);
  }
}

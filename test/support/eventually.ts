import { setTimeout as wait } from 'node:timers/promises';

/** What is waited for may be heavy to ask, so the longer it takes the less often it is asked. */
const [shortestPollMs, longestPollMs] = [25, 100];
/** Once something did not come, what builds on it may not come either, and a file must not take minutes to say so. */
const afterFailureMs = 5000;
let hasFailed = false;

/**
 * Waits for a condition: runs `check` until it throws no more and returns something other than `undefined` or `false`.
 * After one wait in vain, the others of the same test file are short.
 * @param what is waited for, as a sentence: the error says that it did not come to pass.
 */
export async function eventually<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 40_000,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    let failure: unknown;
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      failure = error;
    }
    const waitedMs = performance.now() - begun;
    if (waitedMs > (hasFailed ? Math.min(timeoutMs, afterFailureMs) : timeoutMs)) {
      hasFailed = true;
      const why = failure instanceof Error ? `\n${failure.message}` : '';
      throw new Error(`Waited ${waitedMs.toFixed()} ms in vain for this: ${what}.${why}`, { cause: failure });
    }
    await wait(Math.min(Math.max(waitedMs / 10, shortestPollMs), longestPollMs));
  }
}

import { setTimeout as wait } from 'node:timers/promises';

/** Waits until `check` returns something other than false or undefined, and returns it. */
export async function eventually(what, check, { timeoutMs = 60_000, pollMs = 50 } = {}) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline)
      throw new Error(`Waited ${timeoutMs / 1000} s in vain for this: ${what}.`);
    await wait(pollMs);
  }
}

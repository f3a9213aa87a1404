const minimumMs = 100;

/**
 * How long a listener waits before it polls an empty queue again: 100 ms, then about 200, 300, 500, 900, … up to the
 * maximum of host.json; from the start again once there was a message.
 * https://github.com/Azure/azure-webjobs-sdk, RandomizedExponentialBackoffStrategy.cs
 * @param random from 0 to 1.
 */
export function createPollingInterval(maximumMs: number, random: () => number = Math.random) {
  let current = 0;
  let exponent = 0;
  return {
    /** @param foundMessages since the last call. */
    next(foundMessages: boolean): number {
      if (foundMessages) {
        current = minimumMs;
        exponent = 1;
      } else if (current !== maximumMs) {
        const spread = 0.8 + 0.4 * random();
        const backoff = exponent === 0 ? minimumMs : minimumMs + spread * 2 ** (exponent - 1) * minimumMs;
        current = Math.min(backoff, maximumMs);
        exponent += 1;
      }
      return current;
    },
  };
}

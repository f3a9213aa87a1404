const firstPauseMs = 1000;
const longestPauseMs = 10_000;

/**
 * What was just made in Entra ID is not known everywhere at once: until it is, requests about it are refused as wrong
 * (400) or not found (404), and a list may lack it. https://learn.microsoft.com/entra/architecture/architecture
 * @param attempt asks; gives undefined where it has to be asked again.
 * @throws what the last attempt threw; Error when the time is up.
 */
export async function untilReplicated({ sleep, tell, waitSeconds }, what, attempt) {
  const endsAt = performance.now() + waitSeconds * 1000;
  let pauseMs = firstPauseMs;
  for (let isFirst = true; ; isFirst = false) {
    const isLast = performance.now() + pauseMs > endsAt;
    try {
      const found = await attempt();
      if (found !== undefined) return found;
      if (isLast) throw new Error(`Entra ID does not show ${what} yet. Run this again in a few minutes.`);
    } catch (error) {
      if (isLast || (error.status !== 400 && error.status !== 404)) throw error;
    }
    if (isFirst) tell(`Entra ID does not know ${what} everywhere yet; waiting up to ${waitSeconds} s …`);
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

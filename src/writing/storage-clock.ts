/** A `Date` header is cut to whole seconds. https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats */
const granularityMs = 1000;

/**
 * Storage's time in milliseconds, though each answer tells it in whole seconds only: the true time lies between what an
 * answer says and a second later, and a clock that no one can set carries that over to the next answer. After a few
 * answers a fraction of a second is left, always on the early side: time that has not passed is never given away.
 * @returns a function of an answer's `Date` and of when it was asked for, by the monotonic clock.
 */
export function createStorageClock(monotonicMs: () => number): (readAt: Date, askedAtMs: number) => number {
  let offsetMs = -Infinity;
  return (readAt, askedAtMs) => {
    const answeredAtMs = monotonicMs();
    const least = readAt.getTime() - answeredAtMs;
    const most = readAt.getTime() + granularityMs - askedAtMs;
    offsetMs = Math.min(Math.max(offsetMs, least), most);
    return answeredAtMs + offsetMs;
  };
}

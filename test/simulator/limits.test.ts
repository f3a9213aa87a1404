import { createLimits, type Limits, type LimitsSetting } from '../../src/simulator/limits';

function limitsFor({ people = 150, setting = 1 }: { people?: number; setting?: LimitsSetting } = {}) {
  let now = Date.parse('2026-11-24T10:00:00Z');
  const limits = createLimits({ setting, clock: { now: () => now }, people: () => people });
  return { limits, advance: (seconds: number) => void (now += seconds * 1000) };
}

/** How many requests pass before the first is refused. */
function requestsUntilThrottled(limits: Limits, peopleManagerCalls: number): number {
  for (let count = 0; count < 10_000; count += 1) {
    if (limits.sharePoint(peopleManagerCalls).throttled) return count;
  }
  return Infinity;
}

describe('SharePoint limits', () => {
  it.each([
    { people: 1_000, setting: 1, calls: 0, passes: 625, because: '1,250 units a minute, 2 a request' },
    { people: 1_001, setting: 1, calls: 0, passes: 1_250, because: '2,500 units a minute' },
    { people: 5_001, setting: 1, calls: 0, passes: 1_875, because: '3,750 units a minute' },
    { people: 15_001, setting: 1, calls: 0, passes: 2_500, because: '5,000 units a minute' },
    { people: 50_001, setting: 1, calls: 0, passes: 3_125, because: '6,250 units a minute' },
    { people: 150, setting: 1, calls: 10, passes: 300, because: '3,000 PeopleManager calls in 5 minutes' },
    { people: 150, setting: 2, calls: 0, passes: 1_250, because: 'a multiplier widens every limit' },
    { people: 150, setting: 0.01, calls: 0, passes: 6, because: 'a multiplier may also narrow them' },
    { people: 150, setting: 'off' as const, calls: 10, passes: Infinity, because: 'they are off' },
  ])('lets $passes requests pass with $people people: $because', ({ people, setting, calls, passes }) => {
    const { limits } = limitsFor({ people, setting });
    expect(requestsUntilThrottled(limits, calls)).toBe(passes);
  });

  it('names the limit, and lets the next request in after Retry-After', () => {
    const { limits, advance } = limitsFor();
    requestsUntilThrottled(limits, 0);
    const verdict = limits.sharePoint(0);
    expect(verdict).toMatchObject({ throttled: true, limit: 'resource units a minute' });
    advance(Number(verdict.headers['Retry-After']));
    expect(limits.sharePoint(0).throttled).toBe(false);
  });

  it('counts refused requests too: who does not wait stays out', () => {
    const { limits, advance } = limitsFor();
    requestsUntilThrottled(limits, 0);
    for (let second = 0; second < 120; second += 1) {
      advance(1);
      for (let n = 0; n < 15; n += 1) limits.sharePoint(0);
    }
    expect(limits.sharePoint(0).throttled).toBe(true);
  });

  it.each([
    { requests: 499, announced: false },
    { requests: 500, announced: true },
  ])('says after $requests of 625 requests how much is left: $announced', ({ requests, announced }) => {
    const { limits } = limitsFor();
    for (let n = 1; n < requests; n += 1) limits.sharePoint(0);
    const { throttled, headers } = limits.sharePoint(0);
    expect(throttled).toBe(false);
    expect(headers).toEqual(
      announced ? { 'RateLimit-Limit': '1250', 'RateLimit-Remaining': '250', 'RateLimit-Reset': '60' } : {},
    );
  });

  it('never says to wait longer by Retry-After than by RateLimit-Reset', () => {
    const { limits } = limitsFor();
    requestsUntilThrottled(limits, 0);
    const { headers } = limits.sharePoint(0);
    expect(headers['RateLimit-Remaining']).toBe('0');
    expect(Number(headers['Retry-After'])).toBeLessThanOrEqual(Number(headers['RateLimit-Reset']));
  });

  it('holds the day’s limit when the minute’s is kept', () => {
    const { limits, advance } = limitsFor({ setting: 0.01 });
    let passed = 0;
    for (let minute = 0; minute < 23 * 60; minute += 1) {
      advance(61);
      for (let n = 0; n < 6; n += 1) passed += limits.sharePoint(0).throttled ? 0 : 1;
    }
    expect(passed).toBe(6_000);
  });
});

describe('Graph limits', () => {
  it.each([
    { people: 49, units: 3_500 },
    { people: 500, units: 5_000 },
    { people: 501, units: 8_000 },
  ])('gives a tenant of $people $units identity units in 10 seconds', ({ people, units }) => {
    const { limits, advance } = limitsFor({ people });
    expect(limits.directory(units).throttled).toBe(false);
    const refused = limits.directory(1);
    expect(refused.throttled).toBe(true);
    advance(Number(refused.headers['Retry-After']));
    expect(limits.directory(1).throttled).toBe(false);
  });

  it('lets four photo requests a mailbox run at once', () => {
    const { limits } = limitsFor();
    const open = [1, 2, 3, 4].map(() => limits.mailbox('ada'));
    expect(open.map(({ throttled }) => throttled)).toEqual([false, false, false, false]);
    expect(limits.mailbox('ada').throttled).toBe(true);
    expect(limits.mailbox('bob').throttled).toBe(false);
    open[0]?.close();
    open[0]?.close();
    expect(limits.mailbox('ada').throttled).toBe(false);
    expect(limits.mailbox('ada').throttled).toBe(true);
  });
});

it.each([
  { setting: 0.1, atOnce: 4 },
  { setting: 2, atOnce: 8 },
])('lets $atOnce photo requests a mailbox run at once by SIM_LIMITS=$setting', ({ setting, atOnce }) => {
  const { limits } = limitsFor({ setting });
  const passed = Array.from({ length: 10 }, () => limits.mailbox('ada')).filter(
    ({ throttled }) => !throttled,
  );
  expect(passed).toHaveLength(atOnce);
});

it('shows what is used', () => {
  const { limits } = limitsFor();
  limits.sharePoint(3);
  expect(limits.state()).toMatchObject({
    setting: 1,
    limits: [
      { name: 'resource units a minute', amount: 1_250, used: 2 },
      { name: 'resource units a day', amount: 1_200_000, used: 2 },
      { name: 'PeopleManagerAPIs', amount: 3_000, used: 3 },
      { name: 'identity resource units', amount: 5_000, used: 0 },
    ],
  });
  expect(limitsFor({ setting: 'off' }).limits.state().limits[0]?.amount).toBeNull();
});

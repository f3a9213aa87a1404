import { createRefusalLog } from '../../src/notifications/refusal-log';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';

function setUp() {
  const { log, lines } = recordedLog();
  const clock = movableClock();
  const refusals = createRefusalLog(clock.monotonicMs);
  return {
    lines,
    advance: clock.advance,
    count: (reason: string, count = 1) => {
      refusals.count(log, reason, count);
    },
    fail: (event: string, why: Record<string, unknown>) => {
      refusals.failed(log, event, why, 'call-1');
    },
  };
}

describe('The log of refusals', () => {
  it('says the first of a reason at once', () => {
    const { count, lines } = setUp();
    count('wrong clientState', 3);
    expect(lines).toEqual([
      { level: 'warn', event: 'notifications-refused', reason: 'wrong clientState', count: 3 },
    ]);
  });

  it('says one line a minute, however many come, and loses none in the count', () => {
    const { count, lines, advance } = setUp();
    for (let n = 0; n < 10_000; n++) count('wrong clientState');
    expect(lines).toHaveLength(1);
    advance(59_999);
    count('wrong clientState');
    expect(lines).toHaveLength(1);
    advance(1);
    count('wrong clientState');
    expect(lines.map((line) => line.count)).toEqual([1, 10_001]);
  });

  it('says one error a minute and failure of the app, and how many requests it concerns', () => {
    const { fail, lines, advance } = setUp();
    for (let n = 0; n < 100; n++) fail('settings-invalid', { problems: ['SCOPE: …'] });
    fail('settings-invalid', { problems: ['CLOUD: …'] });
    advance(60_000);
    fail('settings-invalid', { problems: ['SCOPE: …'] });
    const line = { level: 'error', event: 'settings-invalid', correlationId: 'call-1' };
    expect(lines).toEqual([
      { ...line, problems: ['SCOPE: …'], requests: 1 },
      { ...line, problems: ['CLOUD: …'], requests: 1 },
      { ...line, problems: ['SCOPE: …'], requests: 100 },
    ]);
  });

  it('counts each reason by itself', () => {
    const { count, lines } = setUp();
    count('wrong clientState');
    count('unknown subscription');
    count('unknown subscription');
    expect(lines.map(({ reason }) => reason)).toEqual(['wrong clientState', 'unknown subscription']);
  });
});

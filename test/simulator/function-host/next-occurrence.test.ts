import { nextOccurrence } from '../../../src/simulator/function-host/timer-triggers';

const after = new Date('2026-03-29T00:59:30Z');

it.each([
  { schedule: '0 */15 * * * *', then: '2026-03-29T01:00:00Z' },
  { schedule: '*/10 * * * * *', then: '2026-03-29T00:59:40Z' },
  { schedule: '0 30 9 * * Mon', then: '2026-03-30T09:30:00Z' },
  { schedule: '0 0 2 29 3 *', then: '2026-03-29T02:00:00Z' }, // an hour that is skipped in parts of Europe, not in UTC
])('$schedule', ({ schedule, then }) => {
  expect(nextOccurrence(schedule, after)).toEqual(new Date(then));
});

it.each(['*/15 * * * *', 'every day', '0 61 * * * *', '', '00:15:00'])('refuses "%s"', (schedule) => {
  expect(() => nextOccurrence(schedule, after)).toThrow(`'${schedule}' was not recognized`);
});

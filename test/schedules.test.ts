import { scheduleOf } from '../src/schedules';

describe('The schedule of the subscription’s timer', () => {
  it.each([
    { given: undefined, then: '0 */15 * * * *' },
    { given: '', then: '0 */15 * * * *' },
    { given: '30 0 * * * 1-5', then: '30 0 * * * 1-5' },
    { given: ' 0 0 * * * * ', then: '0 0 * * * *' },
    { given: '*/15 * * * *', then: '0 */15 * * * *' },
    { given: '0,30 5-10 */2 1 1-12/3 0', then: '0,30 5-10 */2 1 1-12/3 0' },
    ...[
      'a b c d e f',
      '60 * * * * *',
      '0 60 * * * *',
      '0 0 24 * * *',
      '0 0 0 0 * *',
      '0 0 0 32 * *',
      '0 0 0 * 13 *',
      '0 0 0 * 0 *',
      '0 0 0 * * 7',
      '0 10-5 * * * *',
      '0 */0 * * * *',
      '0 1, * * * *',
      '0 -1 * * * *',
    ].map((given) => ({ given, then: '0 */15 * * * *' })),
    { given: 'every day', then: '0 */15 * * * *' },
    { given: '0  0 * * * *', then: '0 */15 * * * *' },
  ])(
    'is "$then" where the setting is "$given": a bad one must not make the function vanish',
    ({ given, then }) => {
      expect(scheduleOf('SUBSCRIPTION_SCHEDULE', { SUBSCRIPTION_SCHEDULE: given })).toBe(then);
    },
  );
});

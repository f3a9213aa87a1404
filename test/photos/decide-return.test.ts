import { decideReturn } from '../../src/photos/decide-return';
import type { PhotoEvent } from '../../src/photos/photo-event';

const now = new Date('2026-11-27T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();

const bySweeps = ['sweep', 'deferred', 'confirm', 'files', 'check'] as const;
const live = ['notification', 'delayed-look', 'second-look', 'retry', 'admin'] as const;

interface Given extends Pick<PhotoEvent, 'cause'>, Partial<Pick<PhotoEvent, 'attempt' | 'firstSeenAt'>> {
  failing?: 'Graph' | 'budget';
  mode?: 'apply' | 'remove';
}

it.each<{ when: string; given: Given; then: 'comes-back' | 'ends' }>([
  ...bySweeps.flatMap((cause) => [
    { when: `one of ${cause} failed`, given: { cause, attempt: 0 }, then: 'comes-back' as const },
    { when: `one of ${cause} failed five times`, given: { cause, attempt: 4 }, then: 'comes-back' as const },
    { when: `one of ${cause} failed six times`, given: { cause, attempt: 5 }, then: 'ends' as const },
  ]),
  ...live.flatMap((cause) => [
    {
      when: `one of ${cause} failed forty times`,
      given: { cause, attempt: 40 },
      then: 'comes-back' as const,
    },
    {
      when: `one of ${cause} has failed for three days`,
      given: { cause, attempt: 40, firstSeenAt: daysAgo(3) },
      then: 'ends' as const,
    },
  ]),
  {
    when: 'it waits for its turn, which is no failure',
    given: { cause: 'sweep', attempt: 5, failing: 'budget' },
    then: 'comes-back',
  },
  {
    when: 'it has waited for its turn for three days',
    given: { cause: 'sweep', failing: 'budget', firstSeenAt: daysAgo(3) },
    then: 'ends',
  },
  {
    when: 'a restore that an admin asked for has failed for three days',
    given: { cause: 'restore', attempt: 40, firstSeenAt: daysAgo(3) },
    then: 'comes-back',
  },
  {
    when: 'a restore has failed for three days while the app takes itself out',
    given: { cause: 'restore', mode: 'remove', firstSeenAt: daysAgo(3) },
    then: 'ends',
  },
  {
    when: 'a restore failed six times while the app takes itself out',
    given: { cause: 'restore', attempt: 5, mode: 'remove' },
    then: 'ends',
  },
])('The event $then when $when', ({ given, then }) => {
  const { cause, attempt = 0, firstSeenAt = daysAgo(2.9), failing = 'Graph', mode = 'apply' } = given;
  expect(decideReturn({ cause, attempt, firstSeenAt }, { failing, mode, now, tries: 5 })).toBe(then);
});

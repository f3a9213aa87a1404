import { decideEventTurn } from '../../src/subscription/decide-event-turn';

const now = new Date('2026-11-24T09:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const facts = { insertedAt: ago(1), dequeueCount: 1, lastBegunAt: undefined, now, intervalMs: 600_000 };

it.each([
  { when: 'it is the first of its kind', changes: {}, then: { plan: 'begin' } },
  { when: 'the last one is an interval ago', changes: { lastBegunAt: ago(600) }, then: { plan: 'begin' } },
  {
    when: 'the last one is less than that ago',
    changes: { lastBegunAt: ago(599) },
    then: { plan: 'wait', delayMs: 1000 },
  },
  {
    when: 'work began after it had come',
    changes: { insertedAt: ago(100), lastBegunAt: ago(97) },
    then: { plan: 'drop' },
  },
  {
    when: 'work began about when it came',
    changes: { insertedAt: ago(100), lastBegunAt: ago(98) },
    then: { plan: 'wait', delayMs: 502_000 },
  },
  {
    when: 'it comes again, for its own work may have broken off',
    changes: { insertedAt: ago(100), lastBegunAt: ago(50), dequeueCount: 2 },
    then: { plan: 'wait', delayMs: 550_000 },
  },
  {
    when: 'it comes again after an interval',
    changes: { insertedAt: ago(900), lastBegunAt: ago(800), dequeueCount: 2 },
    then: { plan: 'begin' },
  },
])('The plan is $then when $when', ({ changes, then }) => {
  expect(decideEventTurn({ ...facts, ...changes })).toMatchObject(then);
});

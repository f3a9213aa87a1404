import { decideDoubt, noDoubt } from '../../src/photos/decide-doubt';

const hourMs = 3_600_000;
const since = '2026-11-24T09:00:00.000Z';
const hoursLater = (hours: number) => new Date(Date.parse(since) + hours * hourMs);
const removed = { doubt: 'removed', doubtEtag: '', doubtSince: since };
const other = { doubt: 'other-kind', doubtEtag: '"B"', doubtSince: since };

describe('What is seen', () => {
  it.each([
    {
      when: 'nothing was in doubt',
      row: noDoubt,
      sight: { doubt: 'removed', etag: '' },
      hours: 99,
      then: 'new',
    },
    {
      when: 'it is too soon',
      row: removed,
      sight: { doubt: 'removed', etag: '' },
      hours: 23.99,
      then: 'waiting',
    },
    {
      when: 'the time is over',
      row: removed,
      sight: { doubt: 'removed', etag: '' },
      hours: 24,
      then: 'confirmed',
    },
    {
      when: 'Graph’s clock went back',
      row: removed,
      sight: { doubt: 'removed', etag: '' },
      hours: -1,
      then: 'waiting',
    },
    {
      when: 'the same photo is there',
      row: other,
      sight: { doubt: 'other-kind', etag: '"B"' },
      hours: 24,
      then: 'confirmed',
    },
    {
      when: 'yet another photo is there',
      row: other,
      sight: { doubt: 'other-kind', etag: '"C"' },
      hours: 24,
      then: 'new',
    },
    {
      when: 'something else was in doubt',
      row: other,
      sight: { doubt: 'removed', etag: '' },
      hours: 24,
      then: 'new',
    },
    {
      when: 'the row tells no time',
      row: { ...removed, doubtSince: 'yesterday' },
      sight: { doubt: 'removed', etag: '' },
      hours: 24,
      then: 'new',
    },
  ] as const)('is $then when $when', ({ row, sight, hours, then }) => {
    expect(decideDoubt(row, { ...sight, at: hoursLater(hours) }, 24 * hourMs)).toBe(then);
  });
});

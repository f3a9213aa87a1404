import type { Bytes } from '../../src/photos/decide-bytes';
import { decideCheck, nextCheckAt, type Shown } from '../../src/photos/decide-check';

const dayMs = 86_400_000;
const now = new Date('2026-11-24T09:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);
const ours = (...files: Bytes[]): Shown => ({ by: 'us', isPlaceholder: false, files });

describe('A check', () => {
  it.each<{ when: string; shown: Shown; then: string; code: string; code0?: string }>([
    {
      when: 'all is as written',
      shown: ours('written', 'written', 'written'),
      then: 'note',
      code: 'unchanged',
    },
    {
      when: 'all is as written again',
      code0: 'overwritten',
      shown: ours('written', 'written', 'written'),
      then: 'record',
      code: 'unchanged',
    },
    {
      when: 'one file is of an older photo',
      shown: ours('written', 'former', 'written'),
      then: 'write-again',
      code: 'overwritten',
    },
    {
      when: 'one file is gone',
      shown: ours('written', 'written', 'missing'),
      then: 'write-again',
      code: 'overwritten',
    },
    {
      when: 'one file is not ours',
      shown: ours('written', 'written', 'foreign'),
      then: 'record',
      code: 'overwritten',
    },
    {
      when: 'one file is not ours and one is old',
      shown: ours('former', 'written', 'foreign'),
      then: 'record',
      code: 'overwritten',
    },
    {
      when: 'one file is not ours and one is gone',
      shown: ours('missing', 'written', 'foreign'),
      then: 'record',
      code: 'overwritten',
    },
    {
      when: 'somebody chose the placeholder',
      shown: { by: 'us', isPlaceholder: true, files: ['former', 'written', 'written'] },
      then: 'record',
      code: 'overwritten',
    },
    {
      when: 'SharePoint shows its own file',
      shown: { by: 'other-file', bytes: 'foreign' },
      then: 'record',
      code: 'overwritten',
    },
    {
      when: 'it shows a copy of our picture',
      shown: { by: 'other-file', bytes: 'written' },
      then: 'record',
      code: 'overwritten',
    },
    {
      when: 'it shows a file that is gone',
      shown: { by: 'other-file', bytes: 'missing' },
      then: 'record',
      code: 'overwritten',
    },
    {
      when: 'it shows a copy of an older photo of ours',
      shown: { by: 'other-file', bytes: 'former' },
      then: 'write-again',
      code: 'overwritten',
    },
    {
      when: 'it shows something from elsewhere',
      shown: { by: 'other-address' },
      then: 'record',
      code: 'overwritten',
    },
    {
      when: 'the profile is not theirs',
      shown: { by: 'no-profile', reason: 'It is not.' },
      then: 'record',
      code: 'overwritten',
    },
    { when: 'it shows nothing', shown: { by: 'nobody' }, then: 'record', code: 'overwritten' },
  ])('that finds that $when: $then', ({ shown, then, code, code0 = 'changed' }) => {
    const decided = decideCheck(shown, { code: code0, rewrittenAt: [] }, now);
    expect(decided).toMatchObject({ do: then, plan: { code, reason: expect.stringMatching(/^[A-Z].*\.$/) } });
  });

  it.each([
    { when: 'never before', before: [], then: 'write-again', kept: 0 },
    { when: 'once this month', before: [29], then: 'write-again', kept: 1 },
    { when: 'twice, once of it long ago', before: [30, 2], then: 'write-again', kept: 1 },
    { when: 'twice this month', before: [29, 2], then: 'hold', kept: 2 },
    { when: 'three times this month', before: [29, 2, 1], then: 'hold', kept: 3 },
  ])('of an older photo that was written again $when: $then', ({ before, then, kept }) => {
    const rewrittenAt = before.map(daysAgo);
    const decided = decideCheck(ours('former', 'former', 'former'), { code: 'changed', rewrittenAt }, now);
    expect(decided.do).toBe(then);
    if (decided.do === 'write-again') {
      expect(decided.rewrittenAt).toHaveLength(kept + 1);
      expect(decided.rewrittenAt.at(-1)).toBe(now.toISOString());
    }
    if (decided.do === 'hold') expect(decided.hold).toBe('SharePoint keeps overwriting');
  });

  it('comes again in about a month', () => {
    expect(nextCheckAt(now, 0)).toBe('2026-12-24T09:00:00.000Z');
    expect(nextCheckAt(now, 1)).toBe('2026-12-27T09:00:00.000Z');
  });
});

import { decideBytes } from '../../src/photos/decide-bytes';

const hash = (digit: string) => digit.repeat(64);
const row = {
  writtenSha256: JSON.stringify({ S: hash('a'), M: hash('b'), L: hash('c') }),
  writingSha256: JSON.stringify({ S: hash('d'), M: hash('e'), L: hash('f') }),
  formerSha256: JSON.stringify([hash('1'), hash('2')]),
};

describe('The bytes of a file', () => {
  it.each([
    { when: 'it holds what was last written', letter: 'M' as const, given: hash('b'), then: 'written' },
    { when: 'there is none', letter: 'M' as const, given: undefined, then: 'missing' },
    { when: 'it holds another size of ours', letter: 'M' as const, given: hash('a'), then: 'foreign' },
    {
      when: 'it holds what a lost claim was writing',
      letter: 'M' as const,
      given: hash('e'),
      then: 'former',
    },
    { when: 'it holds an earlier photo', letter: 'S' as const, given: hash('2'), then: 'former' },
    { when: "it holds somebody else's", letter: 'L' as const, given: hash('9'), then: 'foreign' },
    {
      when: 'another file holds what was last written',
      letter: undefined,
      given: hash('c'),
      then: 'written',
    },
    { when: 'another file holds an earlier photo', letter: undefined, given: hash('1'), then: 'former' },
    { when: 'another file holds something else', letter: undefined, given: hash('9'), then: 'foreign' },
  ])('are $then when $when', ({ letter, given, then }) => {
    expect(decideBytes(row, letter, given)).toBe(then);
  });

  it('are the present ones, where the present photo is also an earlier one', () => {
    const again = { ...row, formerSha256: JSON.stringify([hash('b')]) };
    expect(decideBytes(again, 'M', hash('b'))).toBe('written');
  });

  it.each(['', '{', '[1]', '{"M":"x"}', '"b"', 'null'])('are nobody’s where the row says %j', (text) => {
    const broken = { writtenSha256: text, writingSha256: text, formerSha256: text };
    expect(decideBytes(broken, 'M', hash('b'))).toBe('foreign');
  });
});

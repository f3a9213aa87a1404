import { hashesOfBegun, hashesOfClosed, hashesOfRemoved } from '../../src/photos/written-hashes';

const set = (name: string) => ({ S: `${name}s`, M: `${name}m`, L: `${name}l` });
const list = (...names: string[]) => JSON.stringify(names.flatMap((name) => Object.values(set(name))));
const row = (columns: Partial<Record<'written' | 'writing' | 'former', string>>) => ({
  writtenSha256: columns.written ?? '',
  writingSha256: columns.writing ?? '',
  formerSha256: columns.former ?? '',
});
const text = (name: string) => JSON.stringify(set(name));

describe('The bytes this app knows as its own', () => {
  it.each([
    { when: 'a first write is begun', before: row({}), then: list() },
    { when: 'a write follows another', before: row({ written: text('a') }), then: list() },
    {
      when: 'the write before never closed',
      before: row({ writing: text('a'), former: list('o') }),
      then: list('o', 'a'),
    },
    { when: 'the row can’t be read', before: row({ writing: '{', former: '7' }), then: list() },
  ])('when $when', ({ before, then }) => {
    expect(hashesOfBegun(before, set('b'))).toEqual({ writingSha256: text('b'), formerSha256: then });
  });

  it('are those written when it closes, and the ones before stay known', () => {
    const before = row({ written: text('a'), writing: text('b'), former: list('o') });
    expect(hashesOfClosed(before, set('b'))).toEqual({
      writtenSha256: text('b'),
      writingSha256: '',
      formerSha256: list('o', 'a'),
    });
  });

  it('stay known when the files are gone, since a stalled request may bring them back', () => {
    const before = row({ written: text('a'), writing: text('b'), former: list('o') });
    expect(hashesOfRemoved(before)).toEqual({
      writtenSha256: '',
      writingSha256: '',
      formerSha256: list('o', 'b', 'a'),
    });
  });

  it('are the latest thirty, each once', () => {
    const many = Array.from({ length: 40 }, (_, n) => `h${String(n)}`);
    const before = row({ written: text('a'), former: JSON.stringify([...many, 'h0']) });
    const former = JSON.parse(hashesOfClosed(before, set('b')).formerSha256 ?? '') as string[];
    expect(former).toHaveLength(30);
    expect(former.slice(-5)).toEqual(['h39', 'h0', 'as', 'am', 'al']);
  });
});

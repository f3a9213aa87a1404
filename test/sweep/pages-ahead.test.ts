import { noCounts } from '../../src/sweep/sweep-counts';
import { pagesAhead } from '../../src/sweep/pages-ahead';

/** Pages that end when they are let, each naming the next by its number. */
function setUp({ hasTime = true } = {}) {
  const begun: string[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const allBegunOf = new Map<string, () => void>();
  const pages = pagesAhead(
    (nextLink, allBegun) => {
      begun.push(nextLink);
      const next = `/users?${String(begun.length)}`;
      allBegunOf.set(nextLink, () => allBegun(next));
      const swept = { nextLink: next, counts: noCounts(), now: new Date(0) };
      return new Promise((resolve, reject) => ends.set(nextLink, { resolve: () => resolve(swept), reject }));
    },
    () => hasTime,
  );
  return {
    pages,
    begun,
    /** Everybody of this page is at work. */
    allBegun: (nextLink: string) => settle(() => allBegunOf.get(nextLink)!()),
    end: (nextLink: string) => settle(() => ends.get(nextLink)!.resolve()),
    fail: (nextLink: string) => settle(() => ends.get(nextLink)!.reject(new Error('Graph is not well.'))),
  };
}

async function settle(act: () => void): Promise<void> {
  act();
  await new Promise(setImmediate);
}

describe('The next page', () => {
  it('begins when all of this one has begun, and not before', async () => {
    const { pages, begun, allBegun } = setUp();
    void pages.sweep('');
    await settle(() => undefined);
    expect(begun).toEqual(['']);
    await allBegun('');
    expect(begun).toEqual(['', '/users?1']);
    expect(pages.isAhead()).toBe(true);
  });

  it('is worked through once', async () => {
    const { pages, begun, allBegun, end } = setUp();
    const first = pages.sweep('');
    await allBegun('');
    await end('/users?1');
    await end('');
    expect(await first).toMatchObject({ nextLink: '/users?1' });
    expect(await pages.sweep('/users?1')).toMatchObject({ nextLink: '/users?2' });
    expect(pages.isAhead()).toBe(false);
    expect(begun).toEqual(['', '/users?1']);
  });

  it('has none begun after it until it is asked for, so that there is one ahead at most', async () => {
    const { pages, begun, allBegun, end } = setUp();
    void pages.sweep('');
    await allBegun('');
    await allBegun('/users?1');
    expect(begun).toEqual(['', '/users?1']);
    await end('');
    void pages.sweep('/users?1');
    await settle(() => undefined);
    expect(begun).toEqual(['', '/users?1', '/users?2']);
  });

  it('is not taken for another', async () => {
    const { pages, begun, allBegun, end } = setUp();
    void pages.sweep('');
    await allBegun('');
    await end('');
    void pages.sweep('');
    await settle(() => undefined);
    expect(begun).toEqual(['', '/users?1', '']);
  });

  it('is not begun where this run ends before it', async () => {
    const { pages, begun, allBegun } = setUp({ hasTime: false });
    void pages.sweep('');
    await allBegun('');
    expect(begun).toEqual(['']);
    expect(pages.isAhead()).toBe(false);
  });

  it('fails for whoever asks for it, and this one does not', async () => {
    const { pages, allBegun, end, fail } = setUp();
    const first = pages.sweep('');
    await allBegun('');
    await fail('/users?1');
    await end('');
    expect(await first).toMatchObject({ nextLink: '/users?1' });
    await expect(pages.sweep('/users?1')).rejects.toThrow('Graph is not well.');
  });

  it('is waited for where this one fails', async () => {
    const { pages, allBegun, end, fail } = setUp();
    const first = pages.sweep('');
    await allBegun('');
    await fail('');
    await expect(first).rejects.toThrow('Graph is not well.');
    let hasEnded = false;
    const ended = pages.end().then(() => (hasEnded = true));
    await settle(() => undefined);
    expect(hasEnded).toBe(false);
    await end('/users?1');
    await ended;
  });
});

it('A page that fails before everybody of it is at work has none after it', async () => {
  const { pages, begun, fail } = setUp();
  const first = pages.sweep('');
  const failed = expect(first).rejects.toThrow('Graph is not well.');
  await fail('');
  await failed;
  expect(begun).toEqual(['']);
  await pages.end();
});

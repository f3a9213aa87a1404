import { listAhead } from '../../src/sweep/list-ahead';

/** A directory whose lists are answered with their own address, and one of them by a failure. */
function setUp({ hasTime = true, failing = 'none' } = {}) {
  const listed: string[] = [];
  const directory = listAhead(
    {
      async list(nextLink) {
        listed.push(nextLink);
        if (nextLink === failing) throw new Error('Graph is not well.');
        return { people: [], nextLink, now: new Date(0) };
      },
      gone: async () => [],
    },
    () => hasTime,
  );
  return { directory, listed };
}

describe('A page listed ahead', () => {
  it('is the one given, and is asked for once', async () => {
    const { directory, listed } = setUp();
    directory.ahead('/users?2');
    expect(listed).toEqual(['/users?2']);
    expect(await directory.list('/users?2')).toMatchObject({ nextLink: '/users?2' });
    expect(listed).toEqual(['/users?2']);
  });

  it('is given once only', async () => {
    const { directory, listed } = setUp();
    directory.ahead('/users?2');
    await directory.list('/users?2');
    await directory.list('/users?2');
    expect(listed).toEqual(['/users?2', '/users?2']);
  });

  it('is not taken for another', async () => {
    const { directory } = setUp();
    directory.ahead('/users?2');
    expect(await directory.list('')).toMatchObject({ nextLink: '' });
  });

  it('is not asked for where this run ends before it', () => {
    const { directory, listed } = setUp({ hasTime: false });
    directory.ahead('/users?2');
    expect(listed).toEqual([]);
  });

  it('fails for whoever takes it, and for nobody else', async () => {
    const { directory } = setUp({ failing: '/users?2' });
    directory.ahead('/users?2');
    await new Promise(setImmediate);
    await expect(directory.list('/users?2')).rejects.toThrow('Graph is not well.');
  });
});

import { createKnownSubscriptions } from '../../src/notifications/known-subscriptions';
import { createSubscriptionTable } from '../../src/storage/subscription-table';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';

/** A table with one bound row, `one`, and the count of its reads. */
async function setUp() {
  const clock = movableClock();
  const table = memoryTable(clock.now);
  const rows = createSubscriptionTable(table);
  const reads = { count: 0 };
  table.before = (call) => {
    if (call === 'list') reads.count++;
  };
  const add = async (id: string) => {
    const validUntil = new Date(clock.now().getTime() + 86_400_000);
    const row = await rows.addPending({ secretSha256: 'ab', createdAt: clock.now(), validUntil });
    await rows.bind(row, id);
  };
  await add('one');
  const known = createKnownSubscriptions(rows, clock.monotonicMs);
  const idsOf = async (mustKnow: string[]) =>
    (await known.get(mustKnow)).rows.map(({ subscriptionId }) => subscriptionId);
  return { clock, table, rows, reads, add, known, idsOf };
}

describe('The known subscriptions', () => {
  it('are read once a minute', async () => {
    const { clock, reads, idsOf } = await setUp();
    for (let second = 0; second < 60; second++) {
      expect(await idsOf(['one'])).toEqual(['one']);
      clock.advance(1000);
    }
    expect(reads.count).toBe(1);
    await idsOf(['one']);
    expect(reads.count).toBe(2);
  });

  it('are read again for an id that is new', async () => {
    const { clock, add, idsOf } = await setUp();
    await idsOf(['one']);
    await add('two');
    clock.advance(10);
    expect(await idsOf(['two'])).toEqual(['one', 'two']);
  });

  it('are read at most once in 5 s for ids that nobody knows', async () => {
    const { clock, reads, idsOf } = await setUp();
    await idsOf(['one']);
    for (let n = 0; n < 1000; n++) {
      clock.advance(10);
      await idsOf([`made-up-${String(n)}`]);
    }
    expect(reads.count).toBe(3);
  });

  it('are read once for all who ask at once for an id that nobody knows', async () => {
    const { clock, reads, idsOf } = await setUp();
    await idsOf(['one']);
    clock.advance(10);
    await Promise.all(Array.from({ length: 50 }, () => idsOf(['made-up'])));
    expect(reads.count).toBe(2);
  });

  it('are the new ones for all who ask at once for an id that is new', async () => {
    const { clock, reads, add, idsOf } = await setUp();
    await idsOf(['one']);
    await add('two');
    clock.advance(10);
    const answers = await Promise.all(Array.from({ length: 50 }, () => idsOf(['two'])));
    expect(answers).toEqual(answers.map(() => ['one', 'two']));
    expect(reads.count).toBe(2);
  });

  it('are read only once where nothing was known before', async () => {
    const { reads, idsOf } = await setUp();
    await idsOf(['made-up']);
    expect(reads.count).toBe(1);
  });

  it('are forgotten once a pending one is bound', async () => {
    const { clock, rows, known, idsOf } = await setUp();
    await rows.addPending({ secretSha256: 'cd', createdAt: clock.now(), validUntil: clock.now() });
    const pending = (await known.get([])).rows.find(({ subscriptionId }) => subscriptionId === undefined)!;
    expect(await known.bind(pending, 'two')).toBe(true);
    expect(await idsOf(['two'])).toEqual(['one', 'two']);
  });

  it('tell when somebody else bound it first', async () => {
    const { clock, rows, known, idsOf } = await setUp();
    const pending = await rows.addPending({
      secretSha256: 'cd',
      createdAt: clock.now(),
      validUntil: clock.now(),
    });
    const [row] = (await known.get([])).rows.filter(({ key }) => key === pending.key);
    await rows.bind(pending, 'theirs');
    expect(await known.bind(row!, 'ours')).toBe(false);
    expect(await idsOf(['theirs'])).toContain('theirs');
  });

  it('come with a time that goes on while they are kept', async () => {
    const { clock, known } = await setUp();
    const { now } = await known.get([]);
    clock.advance(30_000);
    expect((await known.get([])).now.getTime() - now.getTime()).toBe(30_000);
  });

  it('are served from memory while the table is down, for a minute', async () => {
    const { clock, table, idsOf } = await setUp();
    await idsOf(['one']);
    table.before = () => {
      throw new Error('down');
    };
    clock.advance(59_000);
    expect(await idsOf(['one'])).toEqual(['one']);
    clock.advance(1000);
    await expect(idsOf(['one'])).rejects.toThrow('down');
  });
});

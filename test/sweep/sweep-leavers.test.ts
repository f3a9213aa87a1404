import { ServiceFailure } from '../../src/errors';
import { createBreakerTable } from '../../src/storage/breaker-table';
import { createPersonTable, type PersonRow } from '../../src/storage/person-table';
import { sweepLeavers } from '../../src/sweep/sweep-leavers';
import type { SamePicture } from '../../src/writing/decide-breaker';
import { alex, bea, personIds } from '../support/ids';
import { memoryTable } from '../support/memory-table';

const now = new Date('2026-11-27T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
const leaverRowsMs = 30 * 86_400_000;

/** Rows of these people, and a directory that no longer knows those who are gone. */
async function setUp(rows: Record<string, Partial<PersonRow>>, gone: string[] = []) {
  const table = memoryTable(() => now);
  const people = createPersonTable(table);
  for (const [id, row] of Object.entries(rows)) await people.overwrite(id, row);
  const asked: string[][] = [];
  const directory = {
    list: async () => 'refused' as const,
    gone: async (ids: readonly string[]) => {
      asked.push([...ids]);
      return ids.filter((id) => gone.includes(id));
    },
  };
  const settings = { sweep: { isScheduled: false, runMs: 0, checkPercent: 0, leaverRowsMs } };
  const breaker = createBreakerTable(table);
  const deps = { people, breaker, directory, settings } as unknown as Parameters<typeof sweepLeavers>[0];
  return { table, people, breaker, directory, asked, run: () => sweepLeavers(deps, '', now) };
}

describe('Rows of people whom no sweep has seen for long', () => {
  it.each([
    {
      when: 'Entra does not know them any more',
      row: { lastSeenOn: daysAgo(31).slice(0, 10) },
      isGone: true,
      then: 'removed',
    },
    {
      when: 'they are there after all',
      row: { lastSeenOn: daysAgo(31).slice(0, 10) },
      isGone: false,
      then: 'renewed',
    },
    {
      when: 'they are there, and somebody may be writing',
      row: { lastSeenOn: daysAgo(31).slice(0, 10), dirty: true },
      isGone: false,
      then: 'left',
    },
    {
      when: 'they were seen within the time',
      row: { lastSeenOn: daysAgo(29).slice(0, 10) },
      isGone: true,
      then: 'left',
    },
    {
      when: 'something was decided within the time',
      row: { lastSeenOn: daysAgo(90).slice(0, 10), decidedAt: daysAgo(3) },
      isGone: true,
      then: 'left',
    },
  ])('are $then where $when', async ({ row, isGone, then }) => {
    const tenant = await setUp({ [alex]: row }, isGone ? [alex] : []);
    const result = await tenant.run();
    const after = (await tenant.people.read(alex)).row;
    if (then === 'removed') expect(after).toBeUndefined();
    else expect(after?.lastSeenOn).toBe(then === 'renewed' ? now.toISOString().slice(0, 10) : row.lastSeenOn);
    expect(result).toMatchObject({ next: undefined, leavers: then === 'removed' ? 1 : 0 });
  });

  it('go with the note beside them', async () => {
    const tenant = await setUp({ [alex]: { lastSeenOn: daysAgo(40).slice(0, 10) } }, [alex]);
    await tenant.people.writeLook(alex, undefined, { lookingSince: new Date(daysAgo(40)) });
    await tenant.run();
    expect([...tenant.table.rows.keys()]).toEqual([]);
  });

  it('stay where somebody wrote one since', async () => {
    const tenant = await setUp({ [alex]: { lastSeenOn: daysAgo(40).slice(0, 10) } }, [alex]);
    tenant.directory.gone = async (ids) => {
      await tenant.people.overwrite(alex, { decidedAt: now.toISOString() });
      return [...ids];
    };
    await tenant.run();
    expect((await tenant.people.read(alex)).row).toMatchObject({ decidedAt: now.toISOString() });
  });

  it('are asked about twenty at a time', async () => {
    const ids = personIds(45);
    const tenant = await setUp(Object.fromEntries(ids.map((id) => [id, { lastSeenOn: daysAgo(40) }])), ids);
    expect(await tenant.run()).toEqual({ next: undefined, leavers: 45, requests: 3 });
    expect(tenant.asked.map(({ length }) => length)).toEqual([20, 20, 5]);
    expect(tenant.table.rows.size).toBe(0);
  });

  it('all stay where Graph gives no word', async () => {
    const tenant = await setUp({ [alex]: { lastSeenOn: daysAgo(40) }, [bea]: { lastSeenOn: daysAgo(40) } });
    tenant.directory.gone = async () => {
      throw new ServiceFailure('Graph', 'Graph is not well (503).');
    };
    await expect(tenant.run()).rejects.toThrow(ServiceFailure);
    expect(tenant.table.rows.size).toBe(2);
  });
});

describe('What the breaker has counted of people', () => {
  const hash = (start: string) => start.padEnd(64, '0');
  const came = (start: string, wearers: Record<string, string>, isAllowed = false): SamePicture => ({
    ...{ sha256: hash(start), wearers, isAllowed },
  });
  const [old, recent] = [{ '11111111': daysAgo(1.1) }, { '22222222': daysAgo(0.9) }];

  it.each([
    { of: 'nobody any more', before: [came('abc1', old)], after: [] },
    {
      of: 'one of two',
      before: [came('abc1', { ...old, ...recent }), came('abc2', old)],
      after: [came('abc1', recent)],
    },
    { of: 'somebody of today', before: [came('abc1', recent)], after: [came('abc1', recent)] },
    { of: 'a picture that is allowed', before: [came('abc1', {}, true)], after: [came('abc1', {}, true)] },
  ])('goes a day later: $of stays', async ({ before, after }) => {
    const { table, breaker, run } = await setUp({});
    await breaker.writePictures(hash('abc'), undefined, before);
    await run();
    expect((await breaker.readPictures(hash('abc'))).pictures).toEqual(after);
    expect(table.rows.size).toBe(after.length > 0 ? 1 : 0);
  });

  it('goes with its hour, where it is a removal', async () => {
    const { table, breaker, run } = await setUp({});
    for (const hour of ['2026-11-26T09', '2026-11-27T11']) {
      await breaker.writeRemovalHour(undefined, { hour, count: 1, tags: ['11111111'] });
    }
    await run();
    expect([...table.rows.keys()]).toEqual(['breaker-removals/2026-11-27T11']);
  });

  it('stays where somebody notes something in the same row', async () => {
    const { table, breaker, run } = await setUp({});
    const token = await breaker.writePictures(hash('abc'), undefined, [came('abc1', old)]);
    table.before = async (call) => {
      if (call !== 'remove') return;
      await breaker.writePictures(hash('abc'), token, [came('abc1', recent)]);
    };
    await run();
    expect((await breaker.readPictures(hash('abc'))).pictures).toEqual([came('abc1', recent)]);
  });
});

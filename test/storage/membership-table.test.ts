import { createMembershipTable } from '../../src/storage/membership-table';
import { memoryTable } from '../support/memory-table';

const group = 'aaaaaaaa-0000-4000-8000-000000000001';
const person = (n: number) => `11111111-1111-4111-8111-${String(n).padStart(12, '0')}`;
const people = (count: number, from = 0) =>
  new Set(Array.from({ length: count }, (_, index) => person(from + index)));
const at = (minute: number) => new Date(Date.UTC(2026, 10, 27, 12, minute));

function setUp() {
  const rows = memoryTable(() => at(0));
  const table = createMembershipTable(rows);
  const row = async () => (await table.list()).memberships.find(({ groupId }) => groupId === group);
  const chunks = () => [...rows.rows.keys()].filter((key) => !key.startsWith('status/'));
  return { rows, table, row, chunks };
}

it.each([{ count: 0 }, { count: 1 }, { count: 1500 }, { count: 1501 }, { count: 4000 }])(
  'The members of a group come back as they were kept: $count',
  async ({ count }) => {
    const { table, row, chunks } = setUp();
    expect(await table.keep(undefined, group, people(count), at(1))).toBe(true);
    const kept = await row();
    expect(kept).toMatchObject({ count, readAt: at(1), problem: '', reason: '' });
    expect(await table.readMembers(kept!)).toEqual(people(count));
    expect(chunks()).toHaveLength(Math.ceil(count / 1500));
  },
);

it('Members that stay the same cost one write, of the time alone', async () => {
  const { rows, table, row, chunks } = setUp();
  await table.keep(undefined, group, people(2000), at(1));
  const [before, chunksBefore] = [await row(), chunks()];
  const calls: string[] = [];
  rows.before = (call) => void calls.push(call);
  await table.keep(before, group, people(2000), at(2));
  expect(calls).toEqual(['write']);
  expect(await row()).toEqual({ ...before, readAt: at(2), token: expect.any(String) });
  expect(chunks()).toEqual(chunksBefore);
});

it('Members that change get chunks of their own, and the former ones go', async () => {
  const { table, row, chunks } = setUp();
  await table.keep(undefined, group, people(4000), at(1));
  const before = await row();
  await table.keep(before, group, people(10, 5), at(2));
  const after = await row();
  expect(after!.generation).not.toBe(before!.generation);
  expect(await table.readMembers(after!)).toEqual(people(10, 5));
  expect(chunks()).toHaveLength(1);
  await expect(table.readMembers(before!)).rejects.toThrow(/replaced while it was read/);
});

it('Readers see the former members until the new ones are whole, and what a dead worker left is removed', async () => {
  const { rows, table, row, chunks } = setUp();
  await table.keep(undefined, group, people(2000), at(1));
  let writes = 0;
  rows.before = (call) => {
    if (call === 'overwrite' && ++writes === 2) throw new Error('killed');
  };
  await expect(table.keep(await row(), group, people(4000), at(2))).rejects.toThrow('killed');
  rows.before = () => undefined;
  expect(await table.readMembers((await row())!)).toEqual(people(2000));
  expect(chunks()).toHaveLength(3);

  await table.keep(await row(), group, people(3), at(3));
  expect(await table.readMembers((await row())!)).toEqual(people(3));
  expect(chunks()).toHaveLength(1);
});

it('Of two that write at once, one wins, whole', async () => {
  const { table, row, chunks } = setUp();
  await table.keep(undefined, group, people(10), at(1));
  const seen = await row();
  const won = await Promise.all([
    table.keep(seen, group, people(20), at(2)),
    table.keep(seen, group, people(30), at(2)),
  ]);
  expect([...won].sort()).toEqual([false, true]);
  expect((await table.readMembers((await row())!)).size).toBe(won[0] ? 20 : 30);
  expect(chunks()).toHaveLength(1);
});

it('What is wrong is noted beside the last good members, and goes with the next good reading', async () => {
  const { table, row } = setUp();
  await table.keep(undefined, group, people(10), at(1));
  await table.noteProblem(await row(), group, { problem: 'empty', reason: 'reads as empty.' });
  const noted = await row();
  expect(noted).toMatchObject({ problem: 'empty', reason: 'reads as empty.', readAt: at(1), count: 10 });
  expect(await table.readMembers(noted!)).toEqual(people(10));
  await table.keep(noted, group, people(10), at(2));
  expect(await row()).toMatchObject({ problem: '', reason: '', readAt: at(2) });
});

it('A group that is forgotten leaves nothing', async () => {
  const { rows, table, row } = setUp();
  await table.keep(undefined, group, people(2000), at(1));
  await table.forget((await row())!);
  expect([...rows.rows.keys()]).toEqual([]);
});

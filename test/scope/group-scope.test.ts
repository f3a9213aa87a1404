import { scopeOfGroups } from '../../src/scope/group-scope';
import { openScope } from '../../src/scope/open-scope';
import { createMembershipTable } from '../../src/storage/membership-table';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';

const exclusionGroup = 'eeeeeeee-0000-4000-8000-000000000002';
const ada = '11111111-1111-4111-8111-111111111111';
const ben = '22222222-2222-4222-8222-222222222222';
const settings = { pilotUsers: undefined, pilotGroup: undefined, exclusionGroup };

function setUp() {
  const clock = movableClock();
  const table = memoryTable(clock.now);
  const memberships = createMembershipTable(table);
  const calls: string[] = [];
  let monotonicMs = 0;
  const scope = scopeOfGroups({ settings, memberships, monotonicMs: () => monotonicMs });
  const put = async (...ids: string[]) => {
    const { memberships: rows, readAt } = await memberships.list();
    await memberships.keep(rows[0], exclusionGroup, new Set(ids), readAt);
    calls.length = 0;
  };
  table.before = (call) => void calls.push(call);
  return { clock, table, memberships, calls, scope, put, pass: (ms: number) => void (monotonicMs += ms) };
}

it('Right before a write, the rows are read anew, once, and the ids only where they changed', async () => {
  const { calls, put, scope } = setUp();
  await put(ada);
  const ask = () => Promise.all([scope.unknownBecause(), scope.standingOf(ada)]);
  expect(await ask()).toEqual([undefined, { isIncluded: true, isExcluded: true }]);
  expect(calls).toEqual(['list', 'list']);
  await ask();
  expect(calls).toEqual(['list', 'list', 'list']);
  await put(ben);
  expect(await ask()).toEqual([undefined, { isIncluded: true, isExcluded: false }]);
  expect(calls).toEqual(['list', 'list']);
});

it('Looks within a second share a reading', async () => {
  const { calls, pass, put, scope } = setUp();
  await put(ada);
  await Promise.all([scope.standingOf(ada), scope.standingOf(ben)]);
  expect(await scope.standingOf(ben)).toEqual({ isIncluded: true, isExcluded: false });
  expect(calls).toEqual(['list', 'list']);
  await put(ben);
  expect((await scope.standingOf(ben)).isExcluded).toBe(false);
  pass(1000);
  expect((await scope.standingOf(ben)).isExcluded).toBe(true);
});

it('Nobody may be written while the list is old, and its members are still excluded', async () => {
  const { clock, pass, put, scope } = setUp();
  expect(await scope.unknownBecause()).toMatch(/not read yet/);
  await put(ada);
  clock.advance(2 * 3_600_000 + 1000);
  pass(10_000);
  expect(await scope.unknownBecause()).toMatch(/more than 2 hours ago/);
  expect((await scope.standingOf(ada)).isExcluded).toBe(true);
});

it('A list that is replaced while it is read is read again', async () => {
  const { memberships, put, scope, table, pass } = setUp();
  await put(ada);
  const [row] = (await memberships.list()).memberships;
  let lists = 0;
  table.before = async (call) => {
    // The second is of the ids.
    if (call !== 'list' || ++lists !== 2) return;
    table.before = () => undefined;
    await memberships.keep(row, exclusionGroup, new Set([ada, ben]), new Date());
  };
  await expect(scope.standingOf(ben)).rejects.toThrow(/replaced while it was read/);
  pass(1);
  expect((await scope.standingOf(ben)).isExcluded).toBe(true);
});

it('Without a group, storage is not even opened', async () => {
  const storage = jest.fn();
  const pilot = { pilotUsers: new Set([ada]), pilotGroup: undefined, exclusionGroup: undefined };
  const scope = await openScope({ settings: pilot, storage, monotonicMs: () => 0 });
  expect(await scope.unknownBecause()).toBeUndefined();
  expect(await scope.standingOf(ben)).toEqual({ isIncluded: false, isExcluded: false });
  expect(storage).not.toHaveBeenCalled();
});

import { ServiceFailure } from '../../src/errors';
import { refreshScope } from '../../src/scope/refresh-scope';
import { createMembershipTable } from '../../src/storage/membership-table';
import type { GroupReading } from '../../src/tenant/graph-groups';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';

const pilotGroup = 'aaaaaaaa-0000-4000-8000-000000000001';
const exclusionGroup = 'eeeeeeee-0000-4000-8000-000000000002';
const ada = '11111111-1111-4111-8111-111111111111';
const ben = '22222222-2222-4222-8222-222222222222';
const cyd = '33333333-3333-4333-8333-333333333333';

const members = (...ids: string[]): GroupReading => ({ kind: 'members', isHidden: false, ids: new Set(ids) });

/** Graph in memory: `graph[id]` is its answer. */
function setUp(
  given: { pilotGroup?: string; exclusionGroup?: string; emptyIsFine?: boolean } = { pilotGroup },
  rightsGranted = true,
) {
  const clock = movableClock();
  const table = memoryTable(clock.now);
  const calls: string[] = [];
  table.before = (call) => void calls.push(call);
  const memberships = createMembershipTable(table);
  const { log, lines } = recordedLog();
  const graph: Record<string, GroupReading | ServiceFailure> = { [pilotGroup]: members(ada, ben, cyd) };
  const readGroup = jest.fn(async (groupId: string): Promise<GroupReading> => {
    const answer = graph[groupId] ?? { kind: 'missing' };
    if (answer instanceof ServiceFailure) throw answer;
    return answer;
  });
  const requestSweep = jest.fn(async () => undefined);
  const scope = {
    pilotUsers: undefined,
    pilotGroup: given.pilotGroup,
    exclusionGroup: given.exclusionGroup,
    emptyIsFine: given.emptyIsFine ?? false,
  };
  const refresh = async () => {
    lines.length = 0;
    await refreshScope({
      settings: { rightsGranted, scope },
      memberships,
      groups: { readGroup },
      requestSweep,
      log,
    });
    return lines.map(({ event }) => event);
  };
  const row = async (groupId = pilotGroup) =>
    (await memberships.list()).memberships.find((one) => one.groupId === groupId);
  return { calls, clock, table, memberships, graph, readGroup, requestSweep, refresh, row, lines };
}

describe('The groups', () => {
  it('are not asked about where there are none', async () => {
    const { refresh, readGroup } = setUp({});
    expect(await refresh()).toEqual([]);
    expect(readGroup).not.toHaveBeenCalled();
  });

  it('wait for the rights, so that no token is asked for before', async () => {
    const { refresh, readGroup } = setUp({ pilotGroup }, false);
    expect(await refresh()).toEqual(['scope-waiting']);
    expect(readGroup).not.toHaveBeenCalled();
  });

  it('are read, each, and a sweep takes up what had to wait for them', async () => {
    const { clock, graph, memberships, refresh, requestSweep, row } = setUp({ pilotGroup, exclusionGroup });
    graph[exclusionGroup] = members(cyd);
    expect(await refresh()).toEqual(['scope-read', 'scope-read', 'scope-known']);
    expect(await memberships.readMembers((await row())!)).toEqual(new Set([ada, ben, cyd]));
    expect(await memberships.readMembers((await row(exclusionGroup))!)).toEqual(new Set([cyd]));
    expect((await row())?.readAt).toEqual(clock.now());
    expect(requestSweep).toHaveBeenCalledTimes(1);
    expect(await refresh()).toEqual(['scope-read', 'scope-read']);
    expect(requestSweep).toHaveBeenCalledTimes(1);
  });

  it('that no setting names any more are forgotten', async () => {
    const { memberships, refresh, row } = setUp();
    await memberships.keep(undefined, exclusionGroup, new Set([ada]), new Date());
    await refresh();
    expect(await row(exclusionGroup)).toBeUndefined();
    expect(await row()).toBeDefined();
  });

  it('leave no member’s id behind where no setting names any group', async () => {
    const { calls, memberships, refresh, readGroup, table } = setUp({});
    await memberships.keep(undefined, pilotGroup, new Set([ada, ben]), new Date());
    await memberships.keep(undefined, exclusionGroup, new Set([cyd]), new Date());
    expect(await refresh()).toEqual([]);
    expect([...table.rows.keys()]).toEqual([]);
    expect(readGroup).not.toHaveBeenCalled();
    calls.length = 0;
    await refresh();
    expect(calls).toEqual(['list']);
  });

  it.each([1, 2, 3, 4, 5])('are forgotten whole, though the worker dies at request %d', async (dies) => {
    const { calls, memberships, refresh, table } = setUp({});
    await memberships.keep(undefined, pilotGroup, new Set([ada, ben]), new Date());
    calls.length = 0;
    table.before = (call) => {
      if (calls.push(call) === dies) throw new ServiceFailure('storage', 'The worker is gone.');
    };
    await expect(refresh()).rejects.toThrow('The worker is gone.');
    table.before = () => undefined;
    await refresh();
    expect([...table.rows.keys()]).toEqual([]);
  });
});

describe('A group that can’t be believed', () => {
  it.each<{ when: string; answer: GroupReading | ServiceFailure; problem: string }>([
    { when: 'is gone', answer: { kind: 'missing' }, problem: 'missing' },
    { when: 'reads as empty', answer: members(), problem: 'empty' },
    { when: 'shrank', answer: members(ada), problem: 'shrunk' },
    {
      when: 'is refused',
      answer: { kind: 'refused', isHidden: false, code: '403', advice: 'A role is missing.' },
      problem: 'refused',
    },
    { when: 'hides', answer: { kind: 'members', isHidden: true, ids: new Set() }, problem: 'hidden' },
    {
      when: 'has a Graph that is down',
      answer: new ServiceFailure('Graph', 'Graph is not well (503).', { status: 503 }),
      problem: 'unreadable',
    },
  ])(
    'because it $when, is told once, keeps its last good members, and heals',
    async ({ answer, problem }) => {
      const { graph, lines, memberships, refresh, requestSweep, row } = setUp();
      await refresh();
      graph[pilotGroup] = answer;
      expect(await refresh()).toEqual(['scope-unknown']);
      expect(lines[0]).toMatchObject({
        level: 'error',
        groupId: pilotGroup,
        setting: 'PILOT_GROUP',
        problem,
        reason: expect.stringMatching(/^Nothing is written for anyone, since the group of PILOT_GROUP /),
      });
      expect(await refresh()).toEqual([]);
      expect(await row()).toMatchObject({ problem, count: 3 });
      expect(await memberships.readMembers((await row())!)).toEqual(new Set([ada, ben, cyd]));

      graph[pilotGroup] = members(ada, ben);
      expect(await refresh()).toEqual(['scope-read', 'scope-known']);
      expect(requestSweep).toHaveBeenCalledTimes(2);
      expect(await row()).toMatchObject({ problem: '', count: 2 });
    },
  );

  it('is told again when it is in another kind of trouble', async () => {
    const { graph, refresh } = setUp();
    await refresh();
    graph[pilotGroup] = members();
    expect(await refresh()).toEqual(['scope-unknown']);
    graph[pilotGroup] = { kind: 'missing' };
    expect(await refresh()).toEqual(['scope-unknown']);
  });

  it('is no trouble where an admin said that it may be empty', async () => {
    const { graph, refresh, row } = setUp({ pilotGroup, emptyIsFine: true });
    await refresh();
    graph[pilotGroup] = members();
    expect(await refresh()).toEqual(['scope-read']);
    expect(await row()).toMatchObject({ problem: '', count: 0 });
  });

  it('does not end the reading of the other', async () => {
    const { refresh, row } = setUp({ exclusionGroup, pilotGroup });
    expect(await refresh()).toEqual(['scope-read', 'scope-unknown']);
    expect(await row()).toMatchObject({ count: 3 });
  });
});

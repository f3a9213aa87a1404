import { scopeOfGroups } from '../../src/scope/group-scope';
import { tellUnknown } from '../../src/scope/tell-unknown';
import { createMembershipTable } from '../../src/storage/membership-table';
import { expectAlert } from '../support/expect-alert';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';

const exclusionGroup = 'eeeeeeee-0000-4000-8000-000000000002';
const ada = '11111111-1111-4111-8111-111111111111';

async function setUp() {
  const clock = movableClock();
  const memberships = createMembershipTable(memoryTable(clock.now));
  await memberships.keep(undefined, exclusionGroup, new Set([ada]), clock.now());
  const settings = { pilotUsers: undefined, pilotGroup: undefined, exclusionGroup };
  const scope = scopeOfGroups({ settings, memberships, monotonicMs: () => 0 });
  const { log, lines } = recordedLog();
  const tell = (mode: 'apply' | 'report') => tellUnknown(scope, mode, log);
  return { clock, lines, tell };
}

it('A list of members that nobody renews is told by the timer, in each run, once', async () => {
  const { clock, lines, tell } = await setUp();
  await tell('apply');
  expect(lines).toEqual([]);
  clock.advance(2 * 3_600_000 + 1000);
  for (const runs of [1, 2]) {
    await tell('apply');
    expect(lines).toHaveLength(runs);
  }
  expect(lines[0]).toMatchObject({
    level: 'error',
    event: 'scope-unknown',
    reason: expect.stringMatching(
      /^Nothing is written for anyone.*EXCLUSION_GROUP was last read at .*refresh-scope/,
    ),
  });
  expectAlert('writing-stopped', 'scope-unknown', lines[0]);
});

it('An app that only reports has nothing to tell', async () => {
  const { clock, lines, tell } = await setUp();
  clock.advance(3 * 3_600_000);
  await tell('report');
  expect(lines).toEqual([]);
});

import { decideStanding, decideUnknown, groupsOf, type ScopeSettings } from '../../src/scope/decide-scope';

const pilot = 'aaaaaaaa-0000-4000-8000-000000000001';
const exclusion = 'eeeeeeee-0000-4000-8000-000000000002';
const ada = '11111111-1111-4111-8111-111111111111';
const now = new Date('2026-11-27T12:00:00Z');

const settings = (given: Partial<ScopeSettings>): ScopeSettings => ({
  pilotUsers: undefined,
  pilotGroup: undefined,
  exclusionGroup: undefined,
  ...given,
});
const known = (groupId: string, ageMs: number, reason = '') => ({
  groupId,
  reason,
  readAt: new Date(now.getTime() - ageMs),
});
const hour = 3_600_000;

describe('For whom to write is known', () => {
  it.each([
    { when: 'no group is named', given: {}, memberships: [] },
    { when: 'the group was read', given: { pilotGroup: pilot }, memberships: [known(pilot, hour)] },
    { when: 'it is two hours since', given: { pilotGroup: pilot }, memberships: [known(pilot, 2 * hour)] },
    {
      when: 'another group is in trouble',
      given: { pilotGroup: pilot },
      memberships: [known(pilot, 0), known(exclusion, 0, 'is gone.')],
    },
  ])('where $when', ({ given, memberships }) => {
    expect(decideUnknown(settings(given), memberships, now)).toBeUndefined();
  });
});

describe('For whom to write is not known', () => {
  it.each([
    {
      when: 'a group was not read yet',
      memberships: [],
      says: /^The group of PILOT_GROUP was not read yet\.$/,
    },
    {
      when: 'it was never read well',
      memberships: [{ groupId: pilot, readAt: undefined, reason: '' }],
      says: /was not read yet/,
    },
    {
      when: 'it is longer than two hours',
      memberships: [known(pilot, 2 * hour + 1000)],
      says: /last read at 2026-11-27T09:59:59\.000Z, more than 2 hours ago/,
    },
    {
      when: 'something is wrong with it',
      memberships: [known(pilot, 0, 'reads as empty; …')],
      says: /^The group of PILOT_GROUP reads as empty/,
    },
  ])('where $when', ({ memberships, says }) => {
    expect(decideUnknown(settings({ pilotGroup: pilot }), memberships, now)).toMatch(says);
  });

  it('for each group that is in the way', () => {
    const both = settings({ pilotGroup: pilot, exclusionGroup: exclusion });
    const reason = decideUnknown(both, [], now);
    expect(reason).toMatch(/PILOT_GROUP.*EXCLUSION_GROUP/);
  });
});

describe('A person', () => {
  const inPilot = { [pilot]: new Set([ada]) };
  const inExclusion = { [exclusion]: new Set([ada]) };
  const empty = { [pilot]: new Set<string>(), [exclusion]: new Set<string>() };

  it.each<{
    when: string;
    given: Partial<ScopeSettings>;
    members: Record<string, Set<string>>;
    then: [isIncluded: boolean, isExcluded: boolean];
  }>([
    { when: 'everyone is meant', given: {}, members: {}, then: [true, false] },
    { when: 'named', given: { pilotUsers: new Set([ada]) }, members: {}, then: [true, false] },
    { when: 'not named', given: { pilotUsers: new Set() }, members: {}, then: [false, false] },
    { when: 'in the group', given: { pilotGroup: pilot }, members: inPilot, then: [true, false] },
    { when: 'not in the group', given: { pilotGroup: pilot }, members: empty, then: [false, false] },
    {
      when: 'named, and not in the group',
      given: { pilotUsers: new Set([ada]), pilotGroup: pilot },
      members: empty,
      then: [true, false],
    },
    {
      when: 'in the group, and others are named',
      given: { pilotUsers: new Set(['somebody']), pilotGroup: pilot },
      members: inPilot,
      then: [true, false],
    },
    { when: 'in a group never read', given: { pilotGroup: pilot }, members: {}, then: [true, false] },
    {
      when: 'excluded where everyone is meant',
      given: { exclusionGroup: exclusion },
      members: inExclusion,
      then: [true, true],
    },
    {
      when: 'excluded and in the pilot group',
      given: { pilotGroup: pilot, exclusionGroup: exclusion },
      members: { ...inPilot, ...inExclusion },
      then: [true, true],
    },
    { when: 'not excluded', given: { exclusionGroup: exclusion }, members: empty, then: [true, false] },
  ])('who is $when', ({ given, members, then: [isIncluded, isExcluded] }) => {
    const standing = decideStanding(settings(given), (groupId) => members[groupId], ada);
    expect(standing).toEqual({ isIncluded, isExcluded });
  });
});

it('The same group may be named twice', () => {
  const twice = groupsOf(settings({ pilotGroup: pilot, exclusionGroup: pilot }));
  expect(twice.map(({ setting }) => setting)).toEqual(['PILOT_GROUP', 'EXCLUSION_GROUP']);
});

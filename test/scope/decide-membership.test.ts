import { decideMembership } from '../../src/scope/decide-membership';

const members = (size: number, isHidden = false) => ({ kind: 'members' as const, isHidden, ids: { size } });
const before = (count: number) => ({ count });

describe('A reading of a group is believed', () => {
  it.each([
    { when: 'it is the first, and somebody is in it', known: undefined, reading: members(1) },
    { when: 'there are as many as before', known: before(10), reading: members(10) },
    { when: 'there are more', known: before(1), reading: members(5000) },
    { when: 'half of them are left', known: before(10), reading: members(5) },
    { when: 'its members are hidden, but shown to us', known: before(10), reading: members(9, true) },
  ])('where $when', ({ known, reading }) => {
    expect(decideMembership(known, reading, false)).toEqual({ plan: 'take' });
  });

  it.each([
    { when: 'it is empty', known: before(10), reading: members(0) },
    { when: 'it was never read and is empty', known: undefined, reading: members(0) },
    { when: 'it lost nearly all', known: before(1000), reading: members(1) },
  ])('where an admin said that this may be: $when', ({ known, reading }) => {
    expect(decideMembership(known, reading, false).plan).toBe('keep');
    expect(decideMembership(known, reading, true)).toEqual({ plan: 'take' });
  });
});

describe('A reading of a group is not believed', () => {
  it.each([
    {
      when: 'Graph gave none',
      reading: { kind: 'failed' as const, reason: 'Graph is not well (503).' },
      problem: 'unreadable',
      says: /could not be read: Graph is not well \(503\)\.$/,
    },
    {
      when: 'there is no such group',
      reading: { kind: 'missing' as const },
      problem: 'missing',
      says: /does not exist in Microsoft Entra ID/,
    },
    {
      when: 'it is refused',
      reading: {
        kind: 'refused' as const,
        isHidden: undefined,
        code: '403 Authorization_RequestDenied',
        advice: 'A role is missing.',
      },
      problem: 'refused',
      says: /\(403 Authorization_RequestDenied\)\. A role is missing\.$/,
    },
    {
      when: 'its members are hidden and refused',
      reading: {
        kind: 'refused' as const,
        isHidden: true,
        code: '403 Authorization_RequestDenied',
        advice: 'A role is missing.',
      },
      problem: 'hidden',
      says: /hides its members .*A role is missing\. Or take a group/,
    },
    {
      when: 'its members are hidden and it reads as empty',
      reading: { ...members(0, true), advice: 'A role is missing.' },
      problem: 'hidden',
      says: /reads as empty\. A role is missing\. Or take a group/,
    },
    {
      when: 'its members are hidden, and it is empty for whoever may see them',
      reading: members(0, true),
      problem: 'hidden',
      says: /nobody is in it\. Or take a group/,
    },
  ])('where $when, whatever an admin said of empty groups', ({ reading, problem, says }) => {
    for (const emptyIsFine of [false, true]) {
      const plan = decideMembership(before(10), reading, emptyIsFine);
      expect(plan).toEqual({ plan: 'keep', problem, reason: expect.stringMatching(says) });
    }
  });

  it.each([
    { when: 'it is empty', known: before(10), reading: members(0), problem: 'empty', says: /SCOPE_EMPTY_OK/ },
    {
      when: 'fewer than half are left',
      known: before(11),
      reading: members(5),
      problem: 'shrunk',
      says: /from 11 to 5 people.*SCOPE_EMPTY_OK/,
    },
  ])('where $when', ({ known, reading, problem, says }) => {
    const plan = decideMembership(known, reading, false);
    expect(plan).toEqual({ plan: 'keep', problem, reason: expect.stringMatching(says) });
  });
});

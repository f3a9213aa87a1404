import {
  decideAccount,
  decideAfterLook,
  decideBeforeLook,
  decidePictures,
  type KnownPerson,
  type Scope,
} from '../../src/photos/decide-photo';
import { restoredHold } from '../../src/photos/decide-restore';

const everyone: Scope = { includeGuests: false, includeDisabled: false };
const row = (changes: Partial<KnownPerson> = {}): KnownPerson => ({
  seenEtag: '',
  appliedEtag: '',
  settledEtag: '',
  dirty: false,
  code: '',
  decidedAt: '2026-11-24T09:00:00Z',
  hold: '',
  nextLookAt: '',
  ...changes,
});
const elsewhere = (nextLookAt: string) => row({ seenEtag: 'A', code: 'unknown-geo', nextLookAt });
const photo = (etag: string) => ({ kind: 'photo' as const, etag });

const inScope = { isIncluded: true, isExcluded: false };

describe('Before the look, a person', () => {
  it.each([
    { when: 'nothing is known', row: undefined, standing: {}, then: undefined },
    { when: 'a row is there', row: row({ code: 'no-photo' }), standing: {}, then: undefined },
    { when: 'the pilot is of others', row: undefined, standing: { isIncluded: false }, then: 'out-of-scope' },
    { when: 'a group excludes them', row: undefined, standing: { isExcluded: true }, then: 'out-of-scope' },
    { when: 'an admin holds them', row: row({ hold: 'on leave' }), standing: {}, then: 'held' },
    {
      when: 'an admin holds them, half written',
      row: row({ hold: 'on leave', dirty: true }),
      standing: {},
      then: 'held',
    },
    {
      when: 'an admin holds them who are no pilot users either',
      row: row({ hold: 'on leave' }),
      standing: { isIncluded: false },
      then: 'held',
    },
  ])('is judged as $then when $when', ({ row, standing, then }) => {
    expect(decideBeforeLook(row, { ...inScope, ...standing })?.code).toBe(then);
  });

  it.each([
    { whose: 'an admin’s', hold: 'asked us not to' },
    { whose: 'the app’s own, after a restore', hold: restoredHold },
    { whose: 'the app’s own, after a third overwriting', hold: 'SharePoint keeps overwriting' },
  ])('is left alone with the words of the hold as the reason: $whose', ({ hold }) => {
    expect(decideBeforeLook(row({ hold }), inScope)).toEqual({
      plan: 'skip',
      code: 'held',
      reason: `This person is left alone: ${hold}.`,
    });
  });
});

describe('After the look', () => {
  const usual = { forced: false, reportOnly: false, now: new Date('2026-11-24T09:00:00Z') };
  const applied = row({ seenEtag: 'A', settledEtag: 'A', code: 'changed' });

  it.each([
    { when: 'nobody was there before', facts: { row: undefined, look: photo('A') }, then: 'apply changed' },
    {
      when: 'the photo is the one applied',
      facts: { row: applied, look: photo('A') },
      then: 'skip unchanged',
    },
    { when: 'the photo is another', facts: { row: applied, look: photo('B') }, then: 'apply changed' },
    {
      when: 'the photo went back to one applied before',
      facts: { row: row({ seenEtag: 'B', settledEtag: 'A' }), look: photo('A') },
      then: 'skip unchanged',
    },
    {
      when: 'the photo is in the baseline',
      facts: { row: row({ seenEtag: 'A', settledEtag: 'A', code: 'baseline' }), look: photo('A') },
      then: 'skip unchanged',
    },
    {
      when: 'the photo is in the baseline, and was announced before that was taken',
      facts: {
        row: row({ seenEtag: 'A', settledEtag: 'A', code: 'baseline' }),
        look: photo('A'),
        announcedAt: new Date('2026-11-24T09:00:02Z'),
      },
      then: 'apply changed',
    },
    {
      when: 'the photo is in the baseline, and the notification came after that was taken',
      facts: {
        row: row({ seenEtag: 'A', settledEtag: 'A', code: 'baseline' }),
        look: photo('A'),
        announcedAt: new Date('2026-11-24T09:00:03Z'),
      },
      then: 'skip unchanged',
    },
    {
      when: 'the photo was applied after it was announced',
      facts: { row: applied, look: photo('A'), announcedAt: new Date('2026-11-24T08:00:00Z') },
      then: 'skip unchanged',
    },
    {
      when: 'the photo followed the baseline',
      facts: { row: row({ seenEtag: 'A', settledEtag: 'A', code: 'baseline' }), look: photo('B') },
      then: 'apply changed',
    },
    {
      when: 'the photo is in the baseline, and the person was held for a while',
      facts: { row: row({ seenEtag: 'A', settledEtag: 'A', code: 'held' }), look: photo('A') },
      then: 'skip unchanged',
    },
    {
      when: 'the photo came back after another was begun to be written',
      facts: { row: row({ seenEtag: 'B', settledEtag: '', code: 'no-photo' }), look: photo('A') },
      then: 'apply changed',
    },
    {
      when: 'the photo was unusable',
      facts: { row: row({ seenEtag: 'A', settledEtag: 'A', code: 'unusable' }), look: photo('A') },
      then: 'skip unchanged',
    },
    {
      when: 'the photo followed an unusable one',
      facts: { row: row({ seenEtag: 'A', settledEtag: 'A', code: 'unusable' }), look: photo('B') },
      then: 'apply changed',
    },
    {
      when: 'the person was a guest',
      facts: { row: row({ seenEtag: 'A', code: 'guest' }), look: photo('A') },
      then: 'apply changed',
    },
    {
      when: 'the account was disabled',
      facts: { row: row({ seenEtag: 'A', code: 'disabled' }), look: photo('A') },
      then: 'apply changed',
    },
    {
      when: 'the person was deferred',
      facts: { row: row({ seenEtag: 'A', code: 'no-profile' }), look: photo('A') },
      then: 'apply changed',
    },
    {
      when: 'the person lived in a geo that was not listed, and is due',
      facts: { row: elsewhere('2026-11-24T09:00:00Z'), look: photo('A') },
      then: 'apply changed',
    },
    {
      when: 'the person lived in a geo that was not listed, and is not due yet',
      facts: { row: elsewhere('2026-11-24T09:00:01Z'), look: photo('A') },
      then: 'defer unknown-geo',
    },
    {
      when: 'the person lived in a geo that was not listed, and has another photo',
      facts: { row: elsewhere('2026-11-25T09:00:00Z'), look: photo('B') },
      then: 'apply changed',
    },
    {
      when: 'the person lived in a geo that was not listed, and the event is forced',
      facts: { row: elsewhere('2026-11-25T09:00:00Z'), look: photo('A'), forced: true },
      then: 'apply forced',
    },
    {
      when: 'writing was paused',
      facts: { row: row({ seenEtag: 'A', code: 'paused' }), look: photo('A') },
      then: 'apply changed',
    },
    {
      when: 'a report saw the photo, and now it is written',
      facts: { row: row({ seenEtag: 'A', code: 'changed' }), look: photo('A') },
      then: 'apply changed',
    },
    {
      when: 'the person had no photo',
      facts: { row: row({ code: 'no-photo' }), look: photo('A') },
      then: 'apply changed',
    },
    {
      when: 'a write did not finish',
      facts: { row: { ...applied, dirty: true }, look: photo('A') },
      then: 'apply unfinished',
    },
    {
      when: 'a write of another photo did not finish',
      facts: { row: { ...applied, dirty: true }, look: photo('B') },
      then: 'apply unfinished',
    },
    {
      when: 'the event is forced',
      facts: { row: applied, look: photo('A'), forced: true },
      then: 'apply forced',
    },
    {
      when: 'the event is forced after an unusable photo',
      facts: {
        row: row({ seenEtag: 'A', settledEtag: 'A', code: 'unusable' }),
        look: photo('A'),
        forced: true,
      },
      then: 'apply forced',
    },
    {
      when: 'the account is gone',
      facts: { row: applied, look: { kind: 'no-account' as const } },
      then: 'skip no-account',
    },
    {
      when: 'the account is gone, half written and forced',
      facts: { row: { ...applied, dirty: true }, look: { kind: 'no-account' as const }, forced: true },
      then: 'skip no-account',
    },
  ])('the plan is to $then when $when', ({ facts, then }) => {
    const { plan, code } = decideAfterLook({ ...usual, ...facts });
    expect(`${plan} ${code}`).toBe(then);
  });

  it.each([
    { when: 'the photo is new', row: undefined, forced: false, then: 'apply changed' },
    {
      when: 'the photo was reported',
      row: row({ seenEtag: 'A', code: 'changed' }),
      forced: false,
      then: 'skip unchanged',
    },
    {
      when: 'the photo was reported and the event is forced',
      row: row({ seenEtag: 'A', code: 'changed' }),
      forced: true,
      then: 'skip unchanged',
    },
    {
      when: 'the photo changed since',
      row: row({ seenEtag: 'A', code: 'changed' }),
      forced: false,
      look: 'B',
      then: 'apply changed',
    },
    {
      when: 'the photo was applied before the app was set back to reporting',
      row: row({ seenEtag: 'B', settledEtag: 'A' }),
      forced: false,
      then: 'skip unchanged',
    },
  ])('a report says $then when $when', ({ row, forced, look = 'A', then }) => {
    const { plan, code } = decideAfterLook({ ...usual, reportOnly: true, forced, row, look: photo(look) });
    expect(`${plan} ${code}`).toBe(then);
  });
});

describe('An account', () => {
  const member = { userType: 'Member', accountEnabled: true };
  it.each([
    { when: 'it is an enabled member', account: member, scope: {}, then: undefined },
    { when: 'it has no type', account: { ...member, userType: undefined }, scope: {}, then: undefined },
    { when: 'it has an unknown type', account: { ...member, userType: 'Robot' }, scope: {}, then: undefined },
    { when: 'it is a guest', account: { ...member, userType: 'Guest' }, scope: {}, then: 'guest' },
    { when: 'it is a GUEST', account: { ...member, userType: 'GUEST' }, scope: {}, then: 'guest' },
    {
      when: 'it is a guest and guests are included',
      account: { ...member, userType: 'Guest' },
      scope: { includeGuests: true },
      then: undefined,
    },
    { when: 'it is disabled', account: { ...member, accountEnabled: false }, scope: {}, then: 'disabled' },
    {
      when: 'it is disabled and such are included',
      account: { ...member, accountEnabled: false },
      scope: { includeDisabled: true },
      then: undefined,
    },
    {
      when: 'it is a disabled guest and only guests are included',
      account: { userType: 'Guest', accountEnabled: false },
      scope: { includeGuests: true },
      then: 'disabled',
    },
    {
      when: 'it is a disabled guest and only disabled ones are included',
      account: { userType: 'Guest', accountEnabled: false },
      scope: { includeDisabled: true },
      then: 'guest',
    },
  ])('is left out as $then when $when', ({ account, scope, then }) => {
    expect(decideAccount(account, { ...everyone, ...scope })?.code).toBe(then);
  });

  it('that is left out is told the setting that includes it', () => {
    expect(decideAccount({ ...member, userType: 'Guest' }, everyone)?.reason).toContain(
      'INCLUDE_GUESTS=true',
    );
    expect(decideAccount({ ...member, accountEnabled: false }, everyone)?.reason).toContain(
      'INCLUDE_DISABLED=true',
    );
  });
});

describe('The pictures of a photo', () => {
  const whole = { usable: true as const };
  const broken = (problem: string) => ({ usable: false as const, problem });
  it.each([
    { when: 'all are whole', checks: [whole, whole, whole], then: undefined },
    { when: 'the first is broken', checks: [broken('it is empty'), whole, whole], then: 'it is empty' },
    { when: 'the last is broken', checks: [whole, whole, broken('it is cut off')], then: 'it is cut off' },
    { when: 'two are broken', checks: [whole, broken('one'), broken('two')], then: 'one' },
  ])('are judged by the first broken one when $when', ({ checks, then }) => {
    const plan = decidePictures(checks);
    expect(plan).toEqual(
      then && { plan: 'skip', code: 'unusable', reason: `The photo can't be used: ${then}.` },
    );
  });
});

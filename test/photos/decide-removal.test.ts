import {
  decideCleared,
  decideClearing,
  decideRemoval,
  type WrittenPerson,
} from '../../src/photos/decide-removal';

const since = '2026-11-24T09:00:00.000Z';
const dayMs = 86_400_000;
const at = new Date(Date.parse(since) + dayMs);
const settings = {
  removals: 'clear' as const,
  removalConfirmMs: dayMs,
  scope: { includeGuests: false, includeDisabled: false },
};
const account = { userType: 'Member', accountEnabled: true };
const look = { at, sure: true, code: 'ImageNotFound', account };
const nobody: WrittenPerson = {
  appliedEtag: '',
  dirty: false,
  writingSha256: '',
  formerSha256: '',
  filesDueAt: '',
  doubt: '',
  doubtEtag: '',
  doubtSince: '',
};
const applied = { ...nobody, appliedEtag: '"A"' };
const doubted = { doubt: 'removed', doubtSince: since };
const removed = { ...nobody, formerSha256: JSON.stringify(['00', '01', '02']) };
const cleared = { ...nobody, filesDueAt: at.toISOString() };

describe('Matrix 27: of somebody without a photo', () => {
  it.each([
    { when: 'nothing is known', row: undefined, then: 'record no-photo' },
    { when: 'this app never wrote', row: nobody, then: 'record no-photo' },
    {
      when: 'this app never wrote, and Graph is not sure',
      row: nobody,
      look: { sure: false },
      then: 'record no-photo',
    },
    { when: 'our picture is there', row: applied, then: 'doubt removal' },
    { when: 'a write was begun', row: { ...nobody, writingSha256: '{}' }, then: 'doubt removal' },
    { when: 'a write did not finish', row: { ...nobody, dirty: true }, then: 'doubt removal' },
    { when: 'our picture was removed', row: removed, then: 'record no-photo' },
    {
      when: 'our picture was removed, and a try was cut off',
      row: removed,
      forced: true,
      then: 'doubt removal',
    },
    {
      when: 'this app never wrote, and a try was cut off',
      row: { ...nobody, formerSha256: '[]' },
      forced: true,
      then: 'record no-photo',
    },
    { when: 'it was seen a day ago', row: { ...applied, ...doubted }, then: 'clear' },
    {
      when: 'it was seen a second less than a day ago',
      row: { ...applied, ...doubted },
      look: { at: new Date(at.getTime() - 1000) },
      then: 'wait removal',
    },
    {
      when: 'it was seen a day ago, half written',
      row: { ...nobody, ...doubted, dirty: true },
      then: 'clear',
    },
    {
      when: 'another photo was in doubt',
      row: { ...applied, ...doubted, doubt: 'other-kind' },
      then: 'doubt removal',
    },
    {
      when: 'Graph only could not give one',
      row: applied,
      look: { sure: false, code: 'unknown' },
      then: 'ask-again',
    },
    {
      when: 'Graph only could not give one a day later',
      row: { ...applied, ...doubted },
      look: { sure: false, code: 'ResourceNotFound' },
      then: 'ask-again',
    },
    {
      when: 'the account is disabled',
      row: { ...applied, ...doubted },
      look: { account: { ...account, accountEnabled: false } },
      then: 'record disabled',
    },
    {
      when: 'the account became a guest’s',
      row: { ...applied, ...doubted },
      look: { account: { ...account, userType: 'Guest' } },
      then: 'record guest',
    },
    {
      when: 'REMOVALS is off',
      row: { ...applied, ...doubted },
      removals: 'off' as const,
      then: 'record no-photo',
    },
    {
      when: 'REMOVALS is off and files are due',
      row: cleared,
      removals: 'off' as const,
      then: 'record no-photo',
    },
    { when: 'the files of the cleared picture are due', row: cleared, then: 'files' },
    {
      when: 'the files of the cleared picture are due later',
      row: cleared,
      look: { at: new Date(at.getTime() - 1000) },
      then: 'wait removal',
    },
    {
      when: 'the files are due, but Graph is not sure',
      row: cleared,
      look: { sure: false },
      then: 'ask-again',
    },
    {
      when: 'the files are due and the account was disabled since',
      row: cleared,
      look: { account: { ...account, accountEnabled: false } },
      then: 'files',
    },
  ])('$then when $when', ({ row, look: changes, removals = 'clear' as const, forced = false, then }) => {
    const step = decideRemoval(row, { ...look, ...changes }, { ...settings, removals }, forced);
    expect('plan' in step ? `${step.do} ${step.plan.code}` : step.do).toBe(then);
  });

  it('the reason has Graph’s own word for it', () => {
    const of = (row: WrittenPerson) =>
      decideRemoval(row, { ...look, code: 'ErrorItemNotFound', sure: false }, settings, false);
    expect(of(nobody)).toMatchObject({ plan: { reason: expect.stringContaining('ErrorItemNotFound') } });
    expect(of(applied)).toMatchObject({ reason: expect.stringContaining('ErrorItemNotFound') });
  });
});

describe('Of what the profile shows', () => {
  const us = { by: 'us', mySiteUrl: 'https://contoso-my.sharepoint.com', folder: 'Profilbilder' } as const;
  it.each([
    { shown: us, areFilesDue: false, then: 'properties' },
    // Somebody, or a request of ours that stalled, set the address again.
    { shown: us, areFilesDue: true, then: 'properties' },
    { shown: { by: 'nobody' } as const, areFilesDue: true, then: 'files' },
    { shown: { by: 'other-address' } as const, areFilesDue: true, then: 'files' },
    { shown: { by: 'other-address' } as const, areFilesDue: false, then: 'nothing' },
    { shown: { by: 'nobody' } as const, areFilesDue: false, then: 'nothing' },
  ])('by $shown.by, files due $areFilesDue: $then goes', ({ shown, areFilesDue, then }) => {
    expect(decideClearing(shown, areFilesDue)).toBe(then);
  });

  it.each([
    { shown: us, then: 'clear removal' },
    // A try that was cut off had cleared it.
    { shown: { by: 'nobody' } as const, then: 'clear removal' },
    { shown: { by: 'other-address' } as const, then: 'skip not-ours' },
    { shown: { ...us, by: 'other-file', path: '/chosen.jpg' } as const, then: 'skip not-ours' },
  ])('by $shown.by, cleared: $then is on record', ({ shown, then }) => {
    const { plan, code } = decideCleared(shown);
    expect(`${plan} ${code}`).toBe(then);
  });
});

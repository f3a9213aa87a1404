import { checkTokens } from '../../src/doctor/check-tokens';
import { decideClosing } from '../../src/doctor/decide-closing';
import { decideDisturbance, decideTrial } from '../../src/doctor/decide-trial';
import { decideToken } from '../../src/doctor/decide-token';
import { explainFailure } from '../../src/doctor/explain-failure';
import { openTrialOf, trialColumn } from '../../src/doctor/open-trial';
import { writeFiles } from '../../src/tenant/rights';
import { loadConfig } from '../../src/config';
import { emptyRow } from '../../src/storage/person-table';
import type { TokenFacts } from '../../src/tenant/describe-token';
import { tenantId } from '../support/ids';

const mySite = 'https://contoso-my.sharepoint.com';
const token = (...roles: string[]): TokenFacts => ({
  roles,
  issuedAt: new Date('2026-11-24T09:00:00Z'),
  expiresAt: new Date('2026-11-25T09:00:00Z'),
});

describe('What a token must carry', () => {
  const least = {
    TENANT_ID: tenantId,
    SHAREPOINT_TENANT: 'contoso',
    NOTIFICATION_URL: 'https://photos.example/n',
  };
  const graph = 'https://graph.microsoft.com';
  const all: Record<string, string[]> = {
    [graph]: ['User.Read.All', 'GroupMember.Read.All'],
    'https://contoso-admin.sharepoint.com': ['User.ReadWrite.All'],
    [mySite]: ['Sites.Selected'],
  };
  const check = (roles: Record<string, string[]>, settings: Record<string, string> = {}) =>
    checkTokens({
      settings: loadConfig({ ...least, ...settings }),
      describeToken: async (origin) => token(...(roles[origin] ?? [])),
    });

  it.each([
    { when: 'all are there', without: '', settings: {} },
    { when: 'no group is configured', without: 'GroupMember.Read.All', settings: {} },
  ])('is enough where $when', async ({ without, settings }) => {
    const roles = Object.fromEntries(
      Object.entries(all).map(([origin, list]) => [origin, list.filter((role) => role !== without)]),
    );
    expect(await check(roles, settings)).toMatchObject({ outcome: 'ok' });
  });

  it.each([
    { role: 'User.Read.All', resourceApp: 'Microsoft Graph' },
    { role: 'GroupMember.Read.All', resourceApp: 'Microsoft Graph' },
    { role: 'User.ReadWrite.All', resourceApp: 'Office 365 SharePoint Online' },
    { role: 'Sites.Selected', resourceApp: 'Office 365 SharePoint Online' },
  ])('names $role on $resourceApp where it is missing', async ({ role, resourceApp }) => {
    const roles = Object.fromEntries(
      Object.entries(all).map(([origin, list]) => [origin, list.filter((one) => one !== role)]),
    );
    const settings = { PILOT_GROUP: tenantId };
    await expect(check(roles, settings)).rejects.toMatchObject({
      right: { role, resourceApp },
      message: expect.stringMatching(
        /issued at, at 2026-11-24T09|issued, at 2026-11-24T09.*by 2026-11-25T09/,
      ),
    });
  });

  it('may be more than is needed, and may be unreadable', () => {
    expect(decideToken('host', token('Sites.FullControl.All'), writeFiles)).toMatchObject({ outcome: 'ok' });
    expect(decideToken('host', undefined, writeFiles)).toMatchObject({ outcome: 'warning' });
  });

  it('says that there is nothing to do but wait, where the token is older than the grant', () => {
    const old = { ...token(), grantedAt: new Date('2026-11-24T10:00:00Z') };
    expect(decideToken('host', old, writeFiles)).toMatchObject({
      outcome: 'failed',
      role: 'Sites.Selected',
      detail: expect.stringMatching(
        /granted since 2026-11-24T10:00:00\.000Z, but .* expect a new one by 2026-11-25T09:00:00\.000Z\.$/,
      ),
    });
  });
});

describe('What is tried', () => {
  const us = { by: 'us', mySiteUrl: mySite, folder: 'Profilbilder' } as const;
  const other = { by: 'other-file', mySiteUrl: mySite, path: '/User Photos/Profilbilder/x.jpg' } as const;
  const none = ['missing', 'missing', 'missing'] as const;
  const applied = { ...emptyRow, appliedEtag: 'e' };

  it.each([
    { when: 'nothing of ours is there', row: undefined, shown: other, files: none, then: 'new' },
    { when: 'nobody has a picture', row: emptyRow, shown: { by: 'nobody' }, files: none, then: 'new' },
    {
      when: 'ours is shown',
      row: applied,
      shown: us,
      files: ['written', 'written', 'written'],
      then: 'rewrite',
    },
    {
      when: 'all three are there, whoever’s',
      row: undefined,
      shown: other,
      files: ['foreign', 'foreign', 'former'],
      then: 'rewrite',
    },
    {
      when: 'one is there',
      row: undefined,
      shown: other,
      files: ['foreign', 'missing', 'missing'],
      then: 'refused',
    },
    { when: 'ours is shown and has no files', row: undefined, shown: us, files: none, then: 'refused' },
    {
      when: 'the row says that they should be there',
      row: applied,
      shown: other,
      files: none,
      then: 'refused',
    },
    {
      when: 'a picture of before is kept',
      row: { ...emptyRow, earlierProperties: '{}' },
      shown: other,
      files: none,
      then: 'refused',
    },
  ] as const)('is "$then" where $when', ({ row, shown, files, then }) => {
    const decided = decideTrial({ row, shown, files });
    expect('kind' in decided ? decided.kind : 'refused').toBe(then);
  });

  it.each([
    { when: 'nothing is known', row: undefined, then: undefined },
    { when: 'nothing is under way', row: applied, then: undefined },
    { when: 'it is being written', row: { ...emptyRow, dirty: true }, then: /being written/ },
    { when: 'files are to go', row: { ...emptyRow, filesDueAt: '2026' }, then: /wait to be removed/ },
    { when: 'a look is in doubt', row: { ...emptyRow, doubt: 'removed' }, then: /in doubt/ },
  ])('disturbs nobody where $when', ({ row, then }) => {
    const reason = decideDisturbance(row);
    if (then) expect(reason).toMatch(then);
    else expect(reason).toBeUndefined();
  });
});

describe('The row, once a trial is taken back', () => {
  const before = { ...emptyRow, settledEtag: 'e1', decidedAt: '2026-11-24T09:00:00Z' };
  const trial = openTrialOf({ ...before, trial: trialColumn('an id', 'new', before) })!;

  it.each([
    { when: 'nobody was here', row: before, isWriting: true, then: { dirty: false, settledEtag: 'e1' } },
    {
      when: 'somebody had to leave the person meanwhile',
      ...{ row: { ...before, decidedAt: '2026-11-24T09:00:05Z' }, isWriting: true },
      then: { dirty: true, settledEtag: '' },
    },
    {
      when: 'an event failed for good meanwhile',
      ...{ row: { ...before, failureAt: '2026-11-24T09:00:05Z' }, isWriting: true },
      then: { dirty: true, settledEtag: '' },
    },
    {
      when: 'somebody only looked, and nothing is written anyway',
      ...{ row: { ...before, decidedAt: '2026-11-24T09:00:05Z' }, isWriting: false },
      then: { dirty: false, settledEtag: 'e1' },
    },
  ])('says what it must where $when', ({ row, isWriting, then }) => {
    expect(decideClosing(trial, row, isWriting)).toEqual(then);
  });

  it.each(['', 'no JSON', '{}', '[]'])('is no trial where it says %j', (text) => {
    expect(openTrialOf({ ...before, trial: text })).toBeUndefined();
  });
});

describe('What a failure may come from', () => {
  it.each([
    { step: 'person', status: 403, role: 'User.Read.All', causes: undefined },
    {
      step: 'profile',
      status: 403,
      role: 'User.ReadWrite.All',
      causes: /^The network.*Application restrictions/,
    },
    {
      step: 'files',
      status: 401,
      role: /^Sites.Selected with write/,
      causes: /no write permission on https:/,
    },
    { step: 'files', status: 503, role: undefined, causes: undefined },
    { step: 'folder', status: undefined, role: undefined, causes: undefined },
  ] as const)('is told of $step refused with $status', ({ step, status, role, causes }) => {
    const told = explainFailure(step, { message: 'It failed.', status }, mySite);
    expect(told.detail).toBe('It failed.');
    if (role === undefined) expect(told.role).toBeUndefined();
    else expect(told.role).toMatch(role);
    if (causes === undefined) expect(told.causes).toBeUndefined();
    else expect(told.causes?.join(' ')).toMatch(causes);
  });
});

import { loadConfig } from '../src/config';
import { InvalidSettings } from '../src/errors';
import { alex, bea, tenantId } from './support/ids';

/** The least that has to be set. */
const least = {
  TENANT_ID: tenantId,
  SHAREPOINT_TENANT: 'contoso',
  NOTIFICATION_URL: 'https://photos.example/api/notifications',
};

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems;
    throw error;
  }
  return [];
}

describe('The settings', () => {
  it('have defaults that write nothing and ask for no token', () => {
    expect(loadConfig(least)).toEqual({
      tenantId,
      identityClientId: undefined,
      graphUrl: 'https://graph.microsoft.com',
      sharePointRootUrl: 'https://contoso.sharepoint.com',
      geos: [
        { mySiteUrl: 'https://contoso-my.sharepoint.com', adminUrl: 'https://contoso-admin.sharepoint.com' },
      ],
      notificationUrl: 'https://photos.example/api/notifications',
      lifecycleUrl: 'https://photos.example/api/lifecycle',
      rightsGranted: false,
      rightsGrantedAt: undefined,
      mode: 'report',
      doctorRequired: true,
      restoresAll: false,
      scope: {
        pilotUsers: undefined,
        pilotGroup: undefined,
        exclusionGroup: undefined,
        emptyIsFine: false,
        includeGuests: false,
        includeDisabled: false,
      },
      backfill: 'none',
      profileWrite: 'csom',
      profileHost: 'admin',
      removals: 'clear',
      removalConfirmMs: 86_400_000,
      removedFilesMs: 86_400_000,
      breaker: {
        removalPercent: 5,
        removals: 20,
        samePicture: 10,
        resume: undefined,
        maximumWritesPerDay: 500,
        checkedFirstWrites: 20,
      },
      budget: { peopleManagerPerSecond: 5, unitsPerSecond: 1250 / 120 },
      sweep: { isScheduled: false, runMs: 60_000, checkPercent: 1, leaverRowsMs: 30 * 86_400_000 },
      checkAfterMs: 86_400_000,
      subscriptionLifetimeMinutes: 40_320,
      lifecycleIntervalMs: 600_000,
      coalesceMs: 10_000,
      secondLookSeconds: [120, 900],
      missingUserMs: 600_000,
      requestTimeoutMs: 20_000,
      claimMs: 120_000,
      retrySeconds: [60, 120, 300, 900, 3600],
      receiveTimeoutMs: 2500,
    });
  });

  it('left blank are as if not set', () => {
    const blank = {
      GRAPH_URL: '',
      PILOT_USERS: ' ',
      COALESCE_SECONDS: '',
      AZURE_CLIENT_ID: '\t',
      SCOPE: undefined,
    };
    expect(loadConfig({ ...least, ...blank })).toEqual(loadConfig(least));
  });

  it('have spaces around them taken off', () => {
    expect(
      loadConfig({ ...least, SYNC_MODE: ' report ', TENANT_ID: ` ${tenantId.toUpperCase()}\n` }).tenantId,
    ).toBe(tenantId);
  });

  it.each([
    { cloud: 'gcc', graphUrl: 'https://graph.microsoft.com', root: 'https://contoso.sharepoint.com' },
    { cloud: 'gcchigh', graphUrl: 'https://graph.microsoft.us', root: 'https://contoso.sharepoint.us' },
    { cloud: 'dod', graphUrl: 'https://dod-graph.microsoft.us', root: 'https://contoso.sharepoint-mil.us' },
    {
      cloud: 'china',
      graphUrl: 'https://microsoftgraph.chinacloudapi.cn',
      root: 'https://contoso.sharepoint.cn',
    },
  ])('name the cloud $cloud once, and all its hosts follow', ({ cloud, graphUrl, root }) => {
    const config = loadConfig({ ...least, CLOUD: cloud });
    expect(config).toMatchObject({ graphUrl, sharePointRootUrl: root });
    expect(config.geos).toEqual([
      {
        mySiteUrl: root.replace('contoso', 'contoso-my'),
        adminUrl: root.replace('contoso', 'contoso-admin'),
      },
    ]);
  });

  it('may name each host, within the cloud', () => {
    const config = loadConfig({
      ...least,
      GRAPH_URL: 'https://canary.graph.microsoft.com/',
      SHAREPOINT_ROOT_URL: 'https://fabrikam.sharepoint.com',
      SHAREPOINT_MYSITE_URL: 'https://localhost:7083',
      SHAREPOINT_ADMIN_URL: 'http://127.0.0.1:7084',
    });
    expect(config).toMatchObject({
      graphUrl: 'https://canary.graph.microsoft.com',
      sharePointRootUrl: 'https://fabrikam.sharepoint.com',
      geos: [{ mySiteUrl: 'https://localhost:7083', adminUrl: 'http://127.0.0.1:7084' }],
    });
  });

  it('take the address for notifications from the app itself where none is given', () => {
    const { NOTIFICATION_URL: _, ...rest } = least;
    expect(loadConfig({ ...rest, WEBSITE_HOSTNAME: 'photos.azurewebsites.net' }).notificationUrl).toBe(
      'https://photos.azurewebsites.net/api/notifications',
    );
    expect(loadConfig({ ...least, WEBSITE_HOSTNAME: 'photos.azurewebsites.net' }).notificationUrl).toBe(
      least.NOTIFICATION_URL,
    );
  });
});

describe('Whom the app writes for', () => {
  it.each([
    {
      when: 'the words are in capitals',
      given: { SYNC_MODE: 'Apply', SCOPE: 'EVERYONE' },
      mode: 'apply',
      pilot: undefined,
    },
    { when: 'nothing is said', given: {}, mode: 'report', pilot: undefined },
    {
      when: 'everyone is in scope and nothing else is said',
      given: { SCOPE: 'everyone' },
      mode: 'report',
      pilot: undefined,
    },
    {
      when: 'it is to apply but not told for whom',
      given: { SYNC_MODE: 'apply' },
      mode: 'no-scope',
      pilot: undefined,
    },
    {
      when: 'it is to apply for everyone',
      given: { SYNC_MODE: 'apply', SCOPE: 'everyone' },
      mode: 'apply',
      pilot: undefined,
    },
    {
      when: 'it is to apply for a pilot',
      given: { SYNC_MODE: 'apply', PILOT_USERS: alex },
      mode: 'apply',
      pilot: [alex],
    },
    {
      when: 'it is to apply for everyone, but there is a pilot',
      given: { SYNC_MODE: 'apply', SCOPE: 'everyone', PILOT_USERS: alex },
      mode: 'apply',
      pilot: [alex],
    },
    {
      when: 'the pilot is a list in any form',
      given: { PILOT_USERS: ` ${alex};${bea.toUpperCase()},\n${alex} ` },
      mode: 'report',
      pilot: [alex, bea],
    },
    {
      when: 'the pilot is a list of nobody',
      given: { SYNC_MODE: 'apply', PILOT_USERS: ',' },
      mode: 'apply',
      pilot: [],
    },
  ])('is mode $mode and pilot $pilot when $when', ({ given, mode, pilot }) => {
    const config = loadConfig({ ...least, ...given });
    expect(config.mode).toBe(mode);
    expect(config.scope.pilotUsers && [...config.scope.pilotUsers]).toEqual(pilot);
  });
});

describe('RIGHTS_GRANTED', () => {
  it.each([
    { value: 'False', rightsGranted: false, rightsGrantedAt: undefined },
    { value: 'True', rightsGranted: true, rightsGrantedAt: undefined },
    {
      value: '2026-11-28T12:00:00Z',
      rightsGranted: true,
      rightsGrantedAt: new Date('2026-11-28T12:00:00Z'),
    },
  ])('is $value', ({ value, ...then }) => {
    expect(loadConfig({ ...least, RIGHTS_GRANTED: value })).toMatchObject(then);
  });
});

describe('Settings that are wrong', () => {
  it('are told all at once, each in a sentence that names it', () => {
    const wrong = {
      TENANT_ID: 'contoso',
      CLOUD: 'mars',
      SHAREPOINT_TENANT: 'https://contoso.sharepoint.com',
      GRAPH_URL: 'http://graph.microsoft.com',
      SHAREPOINT_ROOT_URL: 'contoso',
      SHAREPOINT_MYSITE_URL: 'https://contoso-my.evil.example',
      SHAREPOINT_ADMIN_URL: 'https://contoso-admin.sharepoint.com/sites/a',
      AZURE_CLIENT_ID: 'me',
      NOTIFICATION_URL: 'photos',
      RIGHTS_GRANTED: 'yes',
      SYNC_MODE: 'on',
      SCOPE: 'all',
      PILOT_USERS: `${alex} alex@contoso.example`,
      BACKFILL: 'some',
      INCLUDE_GUESTS: '1',
      INCLUDE_DISABLED: 'no',
      PROFILE_WRITE: 'soap',
      PROFILE_HOST: 'mysite',
      SUBSCRIPTION_SCHEDULE: '*/15 * * * *',
      SUBSCRIPTION_LIFETIME_MINUTES: '50000',
      COALESCE_SECONDS: 'ten',
      MISSING_USER_SECONDS: '-1',
      REQUEST_TIMEOUT_SECONDS: '30',
      CLAIM_SECONDS: '0',
      RETRY_SECONDS: '60,,300',
      RECEIVE_TIMEOUT_MS: '3000',
    };
    expect(problemsOf(wrong)).toEqual([
      'TENANT_ID: "contoso" is not a GUID.',
      'CLOUD: "mars" is not one of global, gcc, gcchigh, dod, china.',
      'SHAREPOINT_TENANT: "https://contoso.sharepoint.com" can\'t be used: it must be the name before .sharepoint.com, like contoso.',
      'AZURE_CLIENT_ID: "me" is not a GUID.',
      'NOTIFICATION_URL: is not a URL.',
      'RIGHTS_GRANTED: "yes" can\'t be used: it must be true, false, or the time of the grant, like 2026-11-28T12:00:00Z.',
      'SYNC_MODE: "on" is not one of report, apply, remove.',
      'SCOPE: "all" is not one of everyone.',
      'PILOT_USERS: entry 2 is not a GUID.',
      'INCLUDE_GUESTS: "1" is not one of true, false.',
      'INCLUDE_DISABLED: "no" is not one of true, false.',
      'PROFILE_WRITE: "soap" is not one of csom, rest.',
      'PROFILE_HOST: "mysite" is not one of admin, root.',
      'BACKFILL: "some" is not one of none, all.',
      'SUBSCRIPTION_SCHEDULE: "*/15 * * * *" can\'t be used: it must be six fields of numbers, like 0 */15 * * * *.',
      'SUBSCRIPTION_LIFETIME_MINUTES: "50000" is more than the most allowed, 41760.',
      'COALESCE_SECONDS: "ten" is not a number.',
      'MISSING_USER_SECONDS: "-1" is less than the least allowed, 0.',
      'REQUEST_TIMEOUT_SECONDS: "30" is more than the most allowed, 20.',
      'CLAIM_SECONDS: "0" is less than the least allowed, 1.',
      'RETRY_SECONDS: entry 2 is not more than 0.',
      'RECEIVE_TIMEOUT_MS: "3000" is more than the most allowed, 2900.',
      'GRAPH_URL: must start with https://.',
      'SHAREPOINT_ROOT_URL: is not a URL.',
      "SHAREPOINT_MYSITE_URL: contoso-my.evil.example does not end in .sharepoint.com, as this cloud's hosts do.",
      'SHAREPOINT_ADMIN_URL: must be only a host, like https://host.example.',
    ]);
  });

  it('are told without what a URL holds, and without the rest of what is long', () => {
    const told = problemsOf({
      ...least,
      NOTIFICATION_URL: 'photos?code=c2VjcmV0',
      GRAPH_URL: 'https://me:c2VjcmV0@graph.microsoft.com',
      TENANT_ID: `${'x'.repeat(40)}c2VjcmV0`,
    });
    expect(told).toHaveLength(3);
    expect(told.join()).not.toContain('c2VjcmV0');
  });

  it('and settings that are missing are told together', () => {
    expect(problemsOf({})).toEqual([
      'TENANT_ID: is not set.',
      'SHAREPOINT_TENANT: is not set.',
      'NOTIFICATION_URL: is not set; give the public https address of /api/notifications.',
    ]);
  });

  it.each([
    {
      name: 'NOTIFICATION_URL',
      value: 'http://photos.example/api/notifications',
      then: 'must start with https://',
    },
    {
      name: 'NOTIFICATION_URL',
      value: 'ftp://localhost/api/notifications',
      then: 'must start with https://',
    },
    { name: 'SUBSCRIPTION_LIFETIME_MINUTES', value: '100.5', then: 'is not a whole number' },
    { name: 'GRAPH_URL', value: 'https://graph.microsoft.us', then: 'does not end in .microsoft.com' },
    { name: 'SHAREPOINT_TENANT', value: 'contoso.evil.example/', then: 'the name before .sharepoint.com' },
    { name: 'RETRY_SECONDS', value: '60;120', then: 'entry 1 is not a number' },
    { name: 'RETRY_SECONDS', value: '999999', then: 'more than the most allowed, 86400' },
  ])('are refused: $name=$value', ({ name, value, then }) => {
    expect(problemsOf({ ...least, [name]: value })).toEqual([expect.stringContaining(then)]);
    expect(problemsOf({ ...least, [name]: value })[0]).toMatch(new RegExp(`^${name}: .*\\.$`));
  });
});

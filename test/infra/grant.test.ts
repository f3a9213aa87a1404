import { CLIENT_ID } from '../../src/simulator/identity';
import { MANAGED_IDENTITY_ID } from '../../src/simulator/tokens';
import {
  azdEnvironment as azdOfOneGeo,
  prepareAzureTools,
  type AzureTools,
  type Run,
} from '../support/azure-tools';
import { eventually } from '../support/eventually';
import { runSimulator, ungrantedTenant, type RunningSimulator } from '../simulator/running-simulator';

// Each run is a few processes, which take long to start on a busy machine.
jest.setTimeout(90_000);

/*
 * infra/grant.mjs as an admin runs it, in a process of its own, against the simulated tenant. The tests follow one
 * another, from a tenant on where nothing is granted.
 */

const replicationSeconds = 600;
const standard = { graph: ['User.Read.All'], sharepoint: ['User.ReadWrite.All', 'Sites.Selected'] };
const mySiteHosts = ['contoso-my.sharepoint.com', 'contosoapac-my.sharepoint.com'];
const anotherApp = 'aaaaaaaa-0000-4000-8000-00000000000a';
const permissionOn = (host: string, appId: string) => ({
  mySiteUrl: `https://${host}`,
  appId,
  roles: ['write'],
});
const ofIdentity = ['--principal', MANAGED_IDENTITY_ID, '--client', CLIENT_ID];
const azdEnvironment = {
  ...azdOfOneGeo,
  SHAREPOINT_GEOS: 'https://contosoapac-my.sharepoint.com=https://contosoapac-admin.sharepoint.com',
};

let simulator: RunningSimulator;
let tools: AzureTools;

beforeAll(async () => {
  simulator = await runSimulator({
    ...ungrantedTenant,
    SIM_LARGEST_PAGE: '3',
    SIM_REPLICATION_SECONDS: String(replicationSeconds),
  });
  tools = await prepareAzureTools(simulator);
});
afterAll(async () => {
  await tools.end();
  await simulator.end();
});
beforeEach(() => tools.takeCalls(''));

const admin = async (who: { role?: string; tool?: string }) =>
  (await simulator.control('POST', 'admin-token', who)).json<{ token: string }>().token;
const signIn = async (role?: string) => tools.signIn(await admin(role === undefined ? {} : { role }));
const rolesNow = async () => (await simulator.control('GET', 'roles')).json<typeof standard>();
const setRoles = (roles: Partial<typeof standard>) => simulator.control('PUT', 'roles', roles);
const passTime = () => simulator.control('POST', 'clock', { advanceSeconds: replicationSeconds });
const sitesNow = async () => (await simulator.control('GET', 'site-permissions')).json<object[]>();
const settingsMade = () => tools.takeCalls('az functionapp config appsettings set');

interface Asked {
  n: number;
  method: string;
  path: string;
  status: number;
}
const requests = async (since = 0) =>
  (await simulator.control('GET', `requests?since=${String(since)}`)).json<Asked[]>();
const lastRequest = async () => (await requests()).at(-1)?.n ?? 0;
const changesSince = async (since: number) =>
  (await requests(since)).filter(({ method }) => method !== 'GET').map(({ status }) => status);

describe('Printed first', () => {
  it.each([
    { when: 'by default', args: [], roles: ['User.Read.All', 'User.ReadWrite.All', 'Sites.Selected'] },
    {
      when: 'with groups',
      args: ['--groups'],
      roles: [
        ...['User.Read.All', 'GroupMember.Read.All', 'Member.Read.Hidden'],
        ...['User.ReadWrite.All', 'Sites.Selected'],
      ],
    },
    {
      when: 'with all sites open',
      args: ['--sharepoint-access', 'full'],
      roles: ['User.Read.All', 'User.ReadWrite.All', 'Sites.FullControl.All'],
    },
    { when: 'only to report', args: ['--sharepoint-access', 'none'], roles: ['User.Read.All'] },
  ])('it names the roles and their resource apps, and asks nobody: $when', async ({ args, roles }) => {
    const before = await lastRequest();
    const { code, stdout } = await tools.grant(
      ['--print', ...ofIdentity, '--sharepoint', 'contoso', ...args],
      { PATH: '/nowhere' },
    );
    expect(code).toBe(0);
    const named = [...stdout.matchAll(/^# (\S+) on (Microsoft Graph|Office 365 SharePoint Online):/gm)];
    expect(named.map(([, role]) => role)).toEqual(roles);
    expect(stdout.includes('--siteUrl https://contoso-my.sharepoint.com --permission write')).toBe(
      roles.includes('Sites.Selected'),
    );
    expect(await lastRequest()).toBe(before);
    expect(await rolesNow()).toEqual({ graph: [], sharepoint: [] });
  });
});

describe('Whoever may not grant', () => {
  it('is told which roles are missing, and gets commands that a Privileged Role Administrator runs', async () => {
    await signIn('SharePoint Administrator');
    const { code, stdout, stderr } = await tools.grant(ofIdentity);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'Missing: User.Read.All on Microsoft Graph, User.ReadWrite.All on Office 365 SharePoint Online, Sites.Selected on Office 365 SharePoint Online.',
    );
    expect(stderr).toContain('Privileged Role Administrator');
    expect(await settingsMade()).toEqual([]);
    expect(await rolesNow()).toEqual({ graph: [], sharepoint: [] });

    await signIn('Privileged Role Administrator');
    expect(await tools.runCommands(stdout)).toMatchObject({ code: 0 });
    expect(await rolesNow()).toEqual(standard);

    await passTime();
    // It was `selected` before: permissions on sites are taken back all the same.
    const printed = await tools.grant(['--print', '--revoke'], {
      ...azdEnvironment,
      SHAREPOINT_ACCESS: 'none',
    });
    for (const words of [
      'azd env set RIGHTS_GRANTED false',
      ...mySiteHosts.flatMap((host) => [
        `m365 spo site apppermission remove --siteUrl https://${host} --appId ${CLIENT_ID} --force`,
        `Get-PnPEntraIDAppSitePermission -AppIdentity ${CLIENT_ID} -Site https://${host} | ForEach-Object { Revoke-PnPEntraIDAppSitePermission`,
        `(Get-MgSite -SiteId ${host}).Id`,
      ]),
    ]) {
      expect(printed.stdout).toContain(words);
    }
    const [upToFirst = ''] = printed.stdout.split('# GroupMember.Read.All');
    expect(await tools.runCommands(upToFirst)).toMatchObject({ code: 0 });
    expect(await rolesNow()).toEqual({ ...standard, graph: [] });
    await setRoles({ graph: [], sharepoint: [] });
  });

  it.each([
    { when: 'nobody is signed in', signedIn: false, says: /az account get-access-token: .*az login/ },
    { when: 'Graph is down', signedIn: true, says: /503/ },
  ])('does not fail a deployment: $when', async ({ signedIn, says }) => {
    await (signedIn ? signIn('Global Administrator') : tools.signIn());
    await simulator.control('PUT', 'faults', [{ service: 'graph', status: 503, retryAfterSeconds: 90 }]);
    const { code, stdout, stderr } = await tools.grant(['--hook'], azdEnvironment);
    await simulator.control('PUT', 'faults', []);
    expect(code).toBe(0);
    expect(stderr).toMatch(says);
    for (const words of [
      ...['az rest --method POST', 'm365 setup\nm365 login\nm365 spo site apppermission add'],
      '--resource-group "rg-production(eu)" --settings RIGHTS_GRANTED=true',
      'azd env set RIGHTS_GRANTED true',
    ]) {
      expect(stdout).toContain(words);
    }
    expect(await settingsMade()).toEqual([]);
  });
});

describe('A deployment', () => {
  /** The hook, with the time that Entra ID takes to know everywhere what was just made. */
  async function deploy(): Promise<Run> {
    const before = await lastRequest();
    const running = tools.grant(['--hook'], azdEnvironment);
    await eventually('it was told that there is no such identity', async () =>
      (await requests(before)).some(({ status }) => status === 404),
    );
    await passTime();
    await eventually('all was granted', async () => (await changesSince(before)).length === 3);
    await eventually('it looked for what it granted', async () => {
      const [latest] = (await requests(before)).slice(-1);
      return latest?.method === 'GET';
    });
    expect(await settingsMade()).toEqual([]);
    await passTime();
    return running;
  }

  it('grants to an identity that was just made, and tells the app last, with the time of the grant', async () => {
    await signIn('Privileged Role Administrator');
    await simulator.control('POST', 'identity-made');
    const { code, stdout, stderr } = await deploy();
    expect(code).toBe(0);
    expect(await rolesNow()).toEqual(standard);
    expect(stderr).toContain('Entra ID does not know the identity everywhere yet');

    const [setting] = await settingsMade();
    const { app, value } =
      /--name (?<app>\S+) .*RIGHTS_GRANTED=(?<value>\S+)/.exec(setting ?? '')?.groups ?? {};
    expect(app).toBe('func-photos');
    const now = (await simulator.control('GET', 'state')).json<{ now: string }>().now;
    expect(Date.parse(now) - Date.parse(value!)).toBeGreaterThanOrEqual(replicationSeconds * 1000);

    // Step 2 is somebody else's.
    expect(stderr).toMatch(
      /contosoapac-my\.sharepoint\.com: Graph refuses .*\(403\)\. The Azure CLI is always refused/,
    );
    for (const host of mySiteHosts) {
      expect(stdout).toContain(
        `m365 spo site apppermission add --siteUrl https://${host} --permission write --appId ${CLIENT_ID}`,
      );
      expect(stdout).toContain(`-Permissions Write -Site https://${host}`);
      expect(stdout).toContain(`(Get-MgSite -SiteId ${host}).Id`);
    }
    expect(await sitesNow()).toEqual([]);
  });

  it('that is repeated changes nothing, and keeps the setting in azd’s environment', async () => {
    const before = await lastRequest();
    await simulator.control('PUT', 'faults', [
      { service: 'graph', status: 429, retryAfterSeconds: 1, times: 1 },
    ]);
    const { code, stderr } = await tools.grant(['--hook'], azdEnvironment);
    await simulator.control('PUT', 'faults', []);
    expect(code).toBe(0);
    expect(stderr.match(/granted already/g)).toHaveLength(3);
    expect(await changesSince(before)).toEqual([]);
    expect(await tools.takeCalls('azd env set RIGHTS_GRANTED 20')).toHaveLength(1);
  });

  it('grants what was added to it since', async () => {
    await setRoles({ sharepoint: ['User.ReadWrite.All'] });
    const running = tools.grant([
      ...ofIdentity,
      '--groups',
      '--sharepoint-access',
      'full',
      '--output',
      'json',
    ]);
    await eventually('all was granted', async () => (await rolesNow()).sharepoint.length === 2);
    await passTime();
    const { code, stdout } = await running;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ missing: [], sites: [] });
    expect(await rolesNow()).toEqual({
      graph: ['User.Read.All', 'GroupMember.Read.All', 'Member.Read.Hidden'],
      sharepoint: ['User.ReadWrite.All', 'Sites.FullControl.All'],
    });
    await setRoles(standard);
  });

  it('lets a SharePoint administrator’s token do the second step, and look at it again', async () => {
    const SITES_TOKEN = await admin({ role: 'SharePoint Administrator', tool: 'sites-client' });
    // Another app's, which is neither taken for this one's nor taken away with it.
    const body = {
      roles: ['write'],
      grantedToIdentities: [{ application: { id: anotherApp, displayName: 'Another app' } }],
    };
    const path = `/sites/${mySiteHosts[0]!}/permissions`;
    await simulator.graph(path, { method: 'POST', body: JSON.stringify(body) }, SITES_TOKEN);
    const grant = () => tools.grant([], { ...azdEnvironment, SITES_TOKEN });
    expect(await grant()).toMatchObject({ code: 0, stdout: '' });
    expect(await sitesNow()).toEqual([
      permissionOn(mySiteHosts[0]!, anotherApp),
      ...mySiteHosts.map((host) => permissionOn(host, CLIENT_ID)),
    ]);
    const before = await lastRequest();
    expect(await grant()).toMatchObject({ code: 0 });
    expect(await changesSince(before)).toEqual([]);
  });
});

describe('Taking it back', () => {
  const another = 'ProfilePhoto.Read.All';

  it('is not for everybody', async () => {
    await signIn();
    const { code, stderr, stdout } = await tools.grant(['--revoke'], azdEnvironment);
    expect(code).toBe(1);
    expect(stderr).toContain('Still there: User.Read.All on Microsoft Graph');
    expect(stdout).toContain('az rest --method DELETE');
    expect(await rolesNow()).toEqual(standard);
    expect(await settingsMade()).toEqual([expect.stringContaining('RIGHTS_GRANTED=false')]);
  });

  it('takes the roles and the permissions on all hosts, and no other role; twice does no harm', async () => {
    await setRoles({ graph: [...standard.graph, another] });
    await signIn('Privileged Role Administrator');
    const SITES_TOKEN = await admin({ role: 'SharePoint Administrator', tool: 'sites-client' });
    for (const says of [/1 other role/, /1 other role/]) {
      const { code, stdout, stderr } = await tools.grant(['--revoke'], { ...azdEnvironment, SITES_TOKEN });
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
      expect(stderr).toMatch(says);
    }
    expect(await rolesNow()).toEqual({ graph: [another], sharepoint: [] });
    expect(await sitesNow()).toEqual([permissionOn(mySiteHosts[0]!, anotherApp)]);
  });
});

describe('Nothing is granted', () => {
  it.each([
    { when: 'no identity is named', args: [], code: 2, says: /--principal is missing/ },
    { when: 'an option is not known', args: ['--force'], code: 2, says: /--force/ },
    {
      when: 'the identity is no object id',
      args: ['--principal', 'x; rm -rf /'],
      code: 2,
      says: /--principal \(IDENTITY_PRINCIPAL_ID\) can't be/,
    },
    {
      when: 'the token would go elsewhere',
      args: ofIdentity,
      environment: { GRAPH_URL: 'https://graph.microsoft.com.evil.example' },
      code: 2,
      says: /No token is sent to "https:\/\/graph\.microsoft\.com\.evil\.example"/,
    },
    {
      when: 'the two ids are of two identities',
      args: ['--principal', MANAGED_IDENTITY_ID, '--client', MANAGED_IDENTITY_ID],
      code: 1,
      says: /is another identity/,
    },
    {
      when: 'the app’s resource group would be more than a word to a shell',
      args: [...ofIdentity, '--resource-group', 'rg$(id)'],
      code: 2,
      says: /--resource-group \(AZURE_RESOURCE_GROUP\) can't be/,
    },
    {
      when: 'it is only to look, and nobody said on which sites',
      args: ['--check', '--principal', MANAGED_IDENTITY_ID],
      code: 0,
      stdout: '0 roles held\n',
      says: /Permissions on sites are not looked at/,
    },
    {
      when: 'there is no such identity in the end',
      args: ['--principal', CLIENT_ID, '--wait', '0'],
      code: 1,
      says: /404 Request_ResourceNotFound/,
    },
  ])('where $when', async ({ args, environment = {}, code, stdout = '', says }) => {
    await signIn('Global Administrator');
    const outcome = await tools.grant(args, environment);
    expect(outcome).toMatchObject({ code, stdout, stderr: expect.stringMatching(says) });
    expect(await settingsMade()).toEqual([]);
  });

  it('to what is no managed identity', async () => {
    const token = await admin({ role: 'Global Administrator' });
    const path = "/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')";
    const { id } = (await simulator.graph(path, {}, token)).json<{ id: string }>();
    expect(await tools.grant(['--principal', id])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Microsoft Graph, which is no managed identity'),
    });
  });
});

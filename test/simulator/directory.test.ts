import type { directoryRoleIds } from '../../src/simulator/directory/signed-in';
import { CLIENT_ID } from '../../src/simulator/identity';
import { MANAGED_IDENTITY_ID } from '../../src/simulator/tokens';
import { runSimulator, ungrantedTenant, type Answer, type RunningSimulator } from './running-simulator';

const graphApp = '00000003-0000-0000-c000-000000000000';
const sharePointApp = '00000003-0000-0ff1-ce00-000000000000';
const userReadAll = 'df021288-bdef-4463-88db-98f22de89214';
const sitesSelected = '20d37865-089c-4dee-8c41-6967602d4ac8';
const identity = `/servicePrincipals/${MANAGED_IDENTITY_ID}`;
const replicationSeconds = 600;

interface Admin {
  role?: keyof typeof directoryRoleIds;
  tool?: 'azure-cli' | 'sites-client';
}
const granter: Admin = { role: 'Privileged Role Administrator' };
const siteAdmin: Admin = { role: 'SharePoint Administrator', tool: 'sites-client' };

let simulator: RunningSimulator;

beforeAll(async () => {
  simulator = await runSimulator({
    ...ungrantedTenant,
    SIM_LARGEST_PAGE: '1',
    SIM_REPLICATION_SECONDS: String(replicationSeconds),
  });
});
afterAll(() => simulator.end());

async function ask(admin: Admin, method: string, path: string, body?: object): Promise<Answer> {
  const { token } = (await simulator.control('POST', 'admin-token', admin)).json<{ token: string }>();
  return simulator.graph(path, { method, ...(body && { body: JSON.stringify(body) }) }, token);
}

const messageOf = (answer: Answer) => answer.json<{ error: { message: string } }>().error.message;
const passTime = () => simulator.control('POST', 'clock', { advanceSeconds: replicationSeconds });

async function resource(appId: string) {
  const answer = await ask({}, 'GET', `/servicePrincipals(appId='${appId}')`);
  return answer.json<{ id: string; appRoles: { id: string; value: string }[] }>();
}

async function assign(appId: string, appRoleId: string, admin = granter): Promise<Answer> {
  const { id: resourceId } = await resource(appId);
  const body = { principalId: MANAGED_IDENTITY_ID, resourceId, appRoleId };
  return ask(admin, 'POST', `${identity}/appRoleAssignments`, body);
}

describe('The directory', () => {
  it('tells the roles of a service: some have the same id in both, some only the same name', async () => {
    const idsOf = async (appId: string) =>
      new Map((await resource(appId)).appRoles.map(({ id, value }) => [value, id]));
    const [graph, sharePoint] = [await idsOf(graphApp), await idsOf(sharePointApp)];
    expect(graph.get('User.Read.All')).toBe(sharePoint.get('User.Read.All'));
    expect(graph.get('Sites.Selected')).not.toBe(sharePoint.get('Sites.Selected'));
  });

  it('knows an identity that was just made only after a while', async () => {
    await simulator.control('POST', 'identity-made');
    expect((await ask(granter, 'GET', identity)).status).toBe(404);
    const early = await assign(graphApp, userReadAll);
    expect(early.status).toBe(400);
    expect(messageOf(early)).toBe('Not a valid reference update.');
    await passTime();
    expect((await ask(granter, 'GET', identity)).json()).toMatchObject({ appId: CLIENT_ID });
  });

  it.each([
    { who: 'nobody in particular', admin: {} },
    { who: 'a SharePoint administrator', admin: { role: 'SharePoint Administrator' as const } },
    {
      who: 'a client that is not consented for it',
      admin: { role: 'Global Administrator' as const, tool: 'sites-client' as const },
    },
  ])('lets $who read, and grant nothing', async ({ admin }) => {
    expect((await ask(admin, 'GET', `${identity}/appRoleAssignments`)).status).toBe(200);
    expect((await assign(graphApp, userReadAll, admin)).status).toBe(403);
  });

  it('shows nothing to an app without a role for it', async () => {
    expect((await simulator.graph(identity)).status).toBe(403);
  });

  it('takes a role once, shows it after a while, page by page, and forgets it', async () => {
    expect((await assign(graphApp, userReadAll)).status).toBe(201);
    expect((await assign(sharePointApp, sitesSelected)).status).toBe(201);
    expect(messageOf(await assign(graphApp, userReadAll))).toMatch(/already exists/);
    expect(messageOf(await assign(graphApp, sitesSelected))).toMatch(/not found on application/);
    expect((await simulator.control('GET', 'roles')).json()).toEqual({
      graph: ['User.Read.All'],
      sharepoint: ['Sites.Selected'],
    });

    const list = async () => {
      const found: { id: string; appRoleId: string }[] = [];
      let path: string | undefined = `${identity}/appRoleAssignments`;
      for (let pages = 0; path !== undefined && pages < 5; pages++) {
        const page: { value: typeof found; '@odata.nextLink'?: string } = (
          await ask(granter, 'GET', path)
        ).json();
        found.push(...page.value);
        path = page['@odata.nextLink']?.slice(`${simulator.graphUrl}/v1.0`.length);
      }
      return found;
    };
    expect(await list()).toEqual([]);
    await passTime();
    const [first, second] = await list();
    expect([first, second].map((one) => one?.appRoleId)).toEqual([userReadAll, sitesSelected]);

    const path = `${identity}/appRoleAssignments/${first!.id}`;
    expect((await ask({}, 'DELETE', path)).status).toBe(403);
    expect((await ask(granter, 'DELETE', path)).status).toBe(204);
    expect((await ask(granter, 'DELETE', path)).status).toBe(404);
    expect((await simulator.control('GET', 'roles')).json()).toMatchObject({ graph: [] });
  });
});

describe('A permission on a My Site host', () => {
  const permission = {
    roles: ['write'],
    grantedToIdentities: [{ application: { id: CLIENT_ID, displayName: 'Photo Sync' } }],
  };

  it.each([
    {
      who: 'the Azure CLI, whoever is signed in to it',
      admin: { role: 'Global Administrator' as const },
    },
    { who: 'whoever is no SharePoint administrator', admin: { tool: 'sites-client' as const } },
  ])('is refused to $who', async ({ admin }) => {
    const site = '/sites/contoso-my.sharepoint.com';
    expect((await ask(admin, 'GET', site)).status).toBe(403);
    expect((await ask(admin, 'POST', `${site}/permissions`, permission)).status).toBe(403);
  });

  it.each(['contoso-my.sharepoint.com', 'contosoapac-my.sharepoint.com'])(
    'is given, listed without its roles, and taken away on %s',
    async (host) => {
      const { id: siteId } = (await ask(siteAdmin, 'GET', `/sites/${host}`)).json<{ id: string }>();
      const path = `/sites/${siteId}/permissions`;
      const { id } = (await ask(siteAdmin, 'POST', path, permission)).json<{ id: string }>();
      const { value } = (await ask(siteAdmin, 'GET', path)).json<{ value: object[] }>();
      expect(value).toEqual([
        expect.objectContaining({ id, grantedToIdentities: permission.grantedToIdentities }),
      ]);
      expect(value[0]).not.toHaveProperty('roles');
      expect((await ask(siteAdmin, 'GET', `${path}/${id}`)).json()).toMatchObject({ roles: ['write'] });
      expect((await ask(siteAdmin, 'DELETE', `${path}/${id}`)).status).toBe(204);
      expect((await simulator.control('GET', 'site-permissions')).json()).toEqual([]);
    },
  );
});

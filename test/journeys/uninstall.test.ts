import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CLIENT_ID } from '../../src/simulator/identity';
import { MANAGED_IDENTITY_ID } from '../../src/simulator/tokens';
import { prepareAzureTools, type AzureTools } from '../support/azure-tools';
import { eventually, startJourney, startMs, type Journey } from '../support/journey';
import { photosync } from '../support/photosync';

/**
 * `photosync uninstall` as an admin runs it, with the Azure CLI beside it and the app in the tenant. The tests follow one
 * another.
 */
jest.setTimeout(startMs);

let journey: Journey;
let tools: AzureTools;
let id: string;

beforeAll(async () => {
  journey = await startJourney({ people: 15 });
  tools = await prepareAzureTools(journey.tenant);
  await tools.setSettings([{ name: 'SYNC_MODE', value: 'apply' }]);
  ({ id } = await journey.take());
  await journey.control.putPhoto(id, { drawing: 'a new face' });
  await journey.inSync(id);
  await eventually('it is on record', async () => (await journey.storage.person(id))?.dirty === false);
}, startMs);
beforeEach(() => tools.takeCalls(''));
afterAll(async () => {
  await tools.end();
  await journey.stop();
});

async function tokenOf(who: { role?: string; tool?: string }): Promise<string> {
  const response = await fetch(`${journey.tenant.pageUrl}/_sim/admin-token`, {
    method: 'POST',
    headers: { 'x-sim': '1', 'content-type': 'application/json' },
    body: JSON.stringify(who),
  });
  return ((await response.json()) as { token: string }).token;
}

const control = async (path: string) => (await fetch(`${journey.tenant.pageUrl}/_sim/${path}`)).json();

/** The tool, in the folder of an azd environment. */
async function uninstall(args: readonly string[], sitesToken?: string, more: Record<string, string> = {}) {
  const told = await photosync(['uninstall', '--output', 'json', ...args], {
    ...tools.environment,
    ...(sitesToken !== undefined && { SITES_TOKEN: sitesToken }),
    PhotoSyncStorage: journey.tenant.storage.connectionString,
    FUNCTION_APP_NAME: 'func-photos',
    AZURE_RESOURCE_GROUP: 'rg-photos(eu)',
    IDENTITY_PRINCIPAL_ID: MANAGED_IDENTITY_ID,
    IDENTITY_CLIENT_ID: CLIENT_ID,
    SHAREPOINT_TENANT: 'contoso',
    // It was `selected` when the permission was given.
    SHAREPOINT_ACCESS: 'none',
    ...more,
  });
  return { ...told, outcome: told.stdout ? JSON.parse(told.stdout) : undefined };
}

/** What Azure and the timer would do once the setting is changed. */
async function letAppRemoveItself(): Promise<string[]> {
  const calls: string[] = [];
  await eventually('the setting is changed', async () => {
    calls.push(...(await tools.takeCalls('az functionapp config appsettings set')));
    return calls.length > 0;
  });
  await journey.tenant.host?.stop();
  await journey.tenant.startHost({ settings: { SYNC_MODE: 'remove' } });
  await journey.runTimer('keep-subscription');
  return calls;
}

it('says that nobody is signed in', async () => {
  const { code, stdout, stderr } = await uninstall([]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain('az login');
});

it.each([{ args: [] }, { args: ['--verify'] }])(
  'asks Azure nothing before it knows on which sites to look: $args',
  async ({ args }) => {
    const { code, stdout, stderr } = await uninstall(args, undefined, { SHAREPOINT_TENANT: '' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Without SHAREPOINT_TENANT');
    expect(await tools.takeCalls('')).toEqual([]);
  },
);

it('tells what is still there, and changes nothing, when it is only to look', async () => {
  await tools.signIn(await tokenOf({}));
  const before = await journey.control.lastRequest();
  const { code, outcome } = await uninstall(['--verify']);
  expect(code).toBe(1);
  expect(outcome).toMatchObject({
    isSafe: false,
    mode: 'apply',
    roles: [
      'User.Read.All on Microsoft Graph',
      'User.ReadWrite.All on Office 365 SharePoint Online',
      'Sites.Selected on Office 365 SharePoint Online',
    ],
    sites: [{ host: 'contoso-my.sharepoint.com', state: 'unknown' }],
  });
  expect(outcome.remains).toHaveLength(3);
  const asked = await journey.control.requests(before);
  expect(asked.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await tools.takeCalls('az functionapp config appsettings set')).toEqual([]);
});

it('leaves the rights until the app is done, and tells who takes away what the admin may not', async () => {
  const file = join(tools.folder, 'first.jsonl');
  const running = uninstall(['--export', file]);
  const [call] = await letAppRemoveItself();
  expect(call).toContain('--name func-photos --resource-group rg-photos(eu) --settings SYNC_MODE=remove');
  const { code, outcome, stderr } = await running;
  expect(code).toBe(1);
  expect(await journey.control.subscriptions()).toEqual([]);
  expect(outcome).toMatchObject({ isSafe: false, record: { subscriptionsLeft: 0, notRestored: 1 } });
  expect(outcome.roles).toHaveLength(3);
  // The app is told last that it may ask for no token: until then it needs one.
  const [later] = await tools.takeCalls('az functionapp config appsettings set');
  expect(later).toContain('RIGHTS_GRANTED=false');
  for (const words of ['az rest --method DELETE', 'm365 spo site apppermission remove']) {
    expect(stderr).toContain(words);
  }
});

it('takes the rights away once somebody who may is signed in, keeps the rows, and says that the rest may go', async () => {
  await tools.signIn(await tokenOf({ role: 'Privileged Role Administrator' }));
  const sitesToken = await tokenOf({ role: 'SharePoint Administrator', tool: 'sites-client' });
  const file = join(tools.folder, 'rows.jsonl');
  await tools.setSettings([{ name: 'SYNC_MODE', value: 'remove' }]);
  const { code, outcome } = await uninstall(['--export', file], sitesToken);
  expect(outcome).toMatchObject({ isSafe: true, remains: [], roles: [], exported: { file } });
  expect(code).toBe(0);
  expect(await control('roles')).toEqual({ graph: [], sharepoint: [] });
  expect(await control('site-permissions')).toEqual([]);

  const rows = (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toContainEqual(
    expect.objectContaining({ table: 'PhotoSyncPeople', rowKey: id, earlierProperties: expect.any(String) }),
  );
  expect(rows).toHaveLength(outcome.exported.rows as number);
  expect((await stat(file)).mode & 0o077).toBe(0);
});

it('proves it, also when the app is gone', async () => {
  const sitesToken = await tokenOf({ role: 'SharePoint Administrator', tool: 'sites-client' });
  expect(await uninstall(['--verify'], sitesToken)).toMatchObject({ code: 0, outcome: { isSafe: true } });
  const removing = { name: 'SYNC_MODE', value: 'remove' };
  await tools.setSettings([removing, { name: 'REMOVE_RESTORE', value: 'true' }]);
  const toRestore = await uninstall(['--verify'], sitesToken);
  expect(toRestore).toMatchObject({
    code: 1,
    outcome: { remains: [expect.stringContaining('no record yet')] },
  });
  await tools.setSettings([removing]);
  await tools.removeApp();
  const gone = await uninstall(['--verify'], sitesToken);
  expect(gone).toMatchObject({ code: 0, outcome: { isSafe: true, isAppThere: false, remains: [] } });
  expect(gone.stderr).toContain('There is no app func-photos any more');
});

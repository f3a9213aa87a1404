/**
 * CLI for Microsoft 365, a program that knows nothing of the local tenant, does by hand what the product does by
 * itself. It reaches the tenant under Microsoft's host names and takes it for the real one.
 */

import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildHandle } from '../../src/simulator/launching/child-process';
import { startSimulatorProcess } from '../../src/simulator/launching/simulator-process';
import { anyPorts } from '../../src/simulator/launching/tenant-ports';
import { LOCAL_IDENTITY_HEADER } from '../../src/simulator/settings';
import { createCli, findCli, prepareCliHome } from '../support/cli-microsoft365';
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy';
import { createControlApi, type ControlApi, type SimPerson } from '../support/control-api';

const program = findCli();

const FOLDER = 'Profilbilder';
const HOSTS = {
  graph: 'graph.microsoft.com',
  root: 'contoso.sharepoint.com',
  mysite: 'contoso-my.sharepoint.com',
  admin: 'contoso-admin.sharepoint.com',
};
const MY_SITE = `https://${HOSTS.mysite}`;

// Every command is a process that loads the whole CLI.
jest.setTimeout(300_000);

(program ? describe : describe.skip)('CLI for Microsoft 365 on the local tenant', () => {
  let folder: string;
  let simulator: ChildHandle | undefined;
  let proxy: ConnectProxy | undefined;
  let control: ControlApi;
  let m365: ReturnType<typeof createCli>;
  let person: SimPerson;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'photo-sync-m365-'));
    const { child, ready } = await startSimulatorProcess({
      ...process.env,
      ...Object.fromEntries(Object.entries(anyPorts()).map(([name, port]) => [name, String(port)])),
      SIM_DATA_DIR: join(folder, 'tenant'),
      SIM_PEOPLE: '20',
      SIM_FOLDER: FOLDER,
      SIM_HOSTS: Object.entries(HOSTS)
        .map((entry) => entry.join('='))
        .join(','),
    });
    simulator = child;
    proxy = await startConnectProxy(
      new Map([
        [HOSTS.graph, portOf(ready.graphUrl)],
        [HOSTS.root, portOf(ready.rootUrl)],
        [HOSTS.mysite, portOf(ready.mySiteUrl)],
        [HOSTS.admin, portOf(ready.adminUrl)],
      ]),
    );
    m365 = createCli(program ?? ['m365'], {
      ...(await prepareCliHome(join(folder, 'home'))),
      HTTPS_PROXY: proxy.url,
      NO_PROXY: '127.0.0.1',
      NODE_EXTRA_CA_CERTS: ready.caFile,
      IDENTITY_ENDPOINT: new URL('/msi/token', ready.identityUrl).href,
      IDENTITY_HEADER: LOCAL_IDENTITY_HEADER,
    });
    control = createControlApi(ready.pageUrl);
    person = (await control.users()).find(({ kind }) => kind === 'ordinary') as SimPerson;
    await m365.run('login', '--authType', 'identity');
  });

  afterAll(async () => {
    await proxy?.close();
    await simulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const getProfile = async (...args: string[]) =>
    JSON.parse(await m365.run('spo', 'userprofile', 'get', ...args, '--output', 'json')) as {
      AccountName: string;
      PictureUrl: string | null;
      UserProfileProperties: { Key: string; Value: string }[];
    };
  const setProperty = (userName: string, name: string, value: string): string[] =>
    `spo userprofile set --userName ${userName} --propertyName ${name} --propertyValue`
      .split(' ')
      .concat(value);
  const addFile = (path: string, to: string, fileName: string) =>
    m365.run(
      ...['spo', 'file', 'add', '--webUrl', MY_SITE, '--folder', `User Photos/${to}`],
      ...['--path', path, '--fileName', fileName, '--overwrite', 'true'],
    );

  it('brings a changed photo to SharePoint by hand', async () => {
    const { id, userPrincipalName } = person;
    await control.putPhoto(id, { drawing: 'another', notify: false });
    expect(await control.user(id)).toMatchObject({ inSync: false });

    const before = await getProfile('--userName', userPrincipalName);
    expect(before).toMatchObject({
      AccountName: `i:0#.f|membership|${userPrincipalName}`,
      PersonalSiteHostUrl: `${MY_SITE}:443/`,
    });
    expect(before.UserProfileProperties).toContainEqual(
      expect.objectContaining({ Key: 'msOnline-ObjectId', Value: id }),
    );

    const hashes: Record<string, string> = {};
    for (const [letter, side] of Object.entries({ S: '48x48', M: '96x96', L: '360x360' })) {
      const file = join(folder, `${letter}.jpg`);
      const url = `@graph/users/${id}/photos/${side}/$value`;
      await m365.run('request', '--url', url, '--accept', 'image/jpeg', '--filePath', file);
      hashes[letter] = sha256(await readFile(file));
      await addFile(file, FOLDER, `by-hand_${letter}Thumb.jpg`);
    }
    const pictureUrl = `${MY_SITE}/User%20Photos/${FOLDER}/by-hand_MThumb.jpg`;
    await m365.run(...setProperty(userPrincipalName, 'PictureURL', pictureUrl));
    // With a blank in front: the CLI breaks on a bare number.
    await m365.run(...setProperty(userPrincipalName, 'SPS-PicturePlaceholderState', ' 0'));

    expect(await control.user(id)).toMatchObject({
      inSync: true,
      sharePoint: { pictureUrl, placeholderState: '0', files: hashes },
    });
    const after = await getProfile('--userName', userPrincipalName);
    expect(after.PictureUrl?.split('?t=')[0]).toBe(pictureUrl);
  });

  it('makes a folder in the wrong language, as it does in a real tenant', async () => {
    const file = join(folder, 'any.jpg');
    await writeFile(file, 'any');
    await addFile(file, 'Profile Pictures', 'any.jpg');
    expect(await control.files()).toContainEqual(
      expect.objectContaining({ path: '/User Photos/Profile Pictures/any.jpg', writtenBy: 'app' }),
    );
  });

  it('is told that there is no such person', async () => {
    const { code, stderr } = await m365.attempt(...setProperty('nobody@contoso.com', 'PictureURL', 'x'));
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('User Profile Error 1000'),
    });
  });

  it('asks no host outside the tenant', () => {
    const asked = [...new Set(proxy?.asked)].sort();
    expect(asked).toEqual([HOSTS.mysite, HOSTS.root, HOSTS.graph].map((host) => `${host}:443`));
  });
});

const portOf = (url: string): number => Number(new URL(url).port);
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

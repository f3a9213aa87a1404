import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { photosync } from '../support/photosync';
import { startJourney, startMs, type Journey } from '../support/journey';

/** Storage is reached as it is in Azure: over https, with tokens of the managed identity, and with no key anywhere. */

let folder: string;
let journey: Journey;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-sync-environment-'));
  journey = await startJourney({
    ownAzurite: true,
    azuriteOAuth: true,
    hostEnv: {
      NODE_OPTIONS: `--require ${join(__dirname, '../fixtures/tell-environment.cjs')}`,
      TELL_ENVIRONMENT_TO: join(folder, 'environment.json'),
    },
  });
}, startMs);

afterAll(async () => {
  await journey.stop();
  await rm(folder, { recursive: true });
});

it('brings the photo with queues and tables that take tokens only', async () => {
  const { id } = await journey.take();
  await journey.control.putPhoto(id, { drawing: 'a new face' });
  await journey.inSync(id);
  await journey.log.next('photo-decided', { personId: id, written: true });

  const asked = (await journey.control.requests()).filter(({ service }) => service === 'identity');
  const resources = asked.map(({ path }) => new URLSearchParams(path.split('?')[1]).get('resource'));
  expect(resources).toContain('https://storage.azure.com');
});

it('gives the app no connection string and no key of the storage account', async () => {
  const given = await readFile(join(folder, 'environment.json'), 'utf8');
  const environment = JSON.parse(given) as Record<string, string>;
  expect(environment['PhotoSyncStorage__queueServiceUri']).toMatch(/^https:/);
  expect(environment['PhotoSyncStorage__tableServiceUri']).toMatch(/^https:/);
  const secret = /AccountKey|SharedAccess|UseDevelopmentStorage|[?&]sig=/i;
  expect(Object.entries(environment).filter(([, value]) => secret.test(value))).toEqual([]);
});

describe('photosync', () => {
  const environment = () => ({
    PATH: folder,
    NODE_EXTRA_CA_CERTS: journey.tenant.caFile,
    PhotoSyncStorage__queueServiceUri: journey.tenant.storage.queueServiceUri,
    PhotoSyncStorage__tableServiceUri: journey.tenant.storage.tableServiceUri,
  });

  it('says with exit code 3 that nobody is signed in', async () => {
    const { code, stdout, stderr } = await photosync(['doctor'], environment());
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('az login');
  });

  it('reaches the storage as whoever is signed in to the Azure CLI', async () => {
    const { identityHeader } = await journey.control.secrets();
    const url = new URL('/msi/token', journey.tenant.identityUrl);
    url.search = new URLSearchParams({
      resource: 'https://storage.azure.com',
      'api-version': '2019-08-01',
    }).toString();
    const response = await fetch(url, { headers: { 'x-identity-header': identityHeader } });
    const { access_token: accessToken, expires_on: expires } = (await response.json()) as Record<
      string,
      string
    >;
    const answer = { accessToken, expires_on: Number(expires), tokenType: 'Bearer' };
    await writeFile(join(folder, 'az'), `#!/bin/sh\nprintf '%s' '${JSON.stringify(answer)}'\n`);
    await chmod(join(folder, 'az'), 0o755);

    const { code, stdout, stderr } = await photosync(['doctor'], {
      ...environment(),
      PATH: `${folder}:/bin:/usr/bin`,
    });
    expect(stderr).toContain('The app was asked');
    expect(stdout).toMatch(/^passed \(request /m);
    expect(code).toBe(0);
  });
});

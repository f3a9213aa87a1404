import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startJourney, startMs, type Journey } from '../support/journey';

/** Storage is reached as it is in Azure: over https, with tokens of the managed identity, and with no key anywhere. */

let folder: string;
let journey: Journey;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photo-sync-environment-'));
  journey = await startJourney({
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

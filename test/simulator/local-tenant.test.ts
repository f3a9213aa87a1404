import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueueServiceClient } from '@azure/storage-queue';
import { startLocalTenant, type LocalTenant } from '../../src/simulator/local-tenant';

jest.setTimeout(90_000);

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'local-tenant-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const answers = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 'nothing',
  );

describe('a local tenant', () => {
  let tenant: LocalTenant;
  beforeAll(async () => {
    tenant = await startLocalTenant({ dataDir, ports: 'free', people: 3 });
  });
  afterAll(() => tenant.stop());

  it('serves the page, and the app its functions', async () => {
    expect(await answers(tenant.pageUrl)).toBe(200);
    expect(await answers(`${tenant.functionsUrl}/api/notifications?validationToken=hello`)).not.toBe(
      'nothing',
    );
    expect(tenant.host?.functions).toEqual(expect.arrayContaining(['receive-notifications', 'apply-photo']));
  });

  it('starts a further host beside one that lives, and another in the place of one that ended', async () => {
    const further = await tenant.startHost();
    expect(further.url).not.toBe(tenant.functionsUrl);
    await further.stop();
    await tenant.host?.kill();
    const replacing = await tenant.startHost({ settings: { SYNC_MODE: 'report' } });
    expect(replacing.url).toBe(tenant.functionsUrl);
    expect(tenant.host).toBe(replacing);
  });

  it('keeps what is in storage when Azurite is stopped and started again', async () => {
    const queue = QueueServiceClient.fromConnectionString(tenant.storage.connectionString).getQueueClient(
      'kept',
    );
    await queue.create();
    await tenant.azurite?.stop();
    await tenant.restartAzurite();
    expect(await queue.exists()).toBe(true);
  });

  it('stops everything', async () => {
    await tenant.stop();
    expect([tenant.azurite?.hasEnded(), tenant.simulator.hasEnded(), tenant.host?.hasEnded()]).toEqual([
      true,
      true,
      true,
    ]);
  });
});

it('leaves nothing running when a part does not start', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const { port } = occupant.address() as AddressInfo;
  const start = startLocalTenant({
    dataDir,
    ports: 'free',
    people: 3,
    simulatorEnv: { SIM_IDENTITY_PORT: String(port) },
  });
  await expect(start).rejects.toThrow('SIM_IDENTITY_PORT');
  occupant.close();
});

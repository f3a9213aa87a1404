import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, isPortFree } from '../../src/simulator/launching/free-port';
import { projectRoot } from '../../src/simulator/launching/project-root';
import { tenantPorts, type PortSetting } from '../../src/simulator/launching/tenant-ports';
import { eventually } from '../support/eventually';

jest.setTimeout(120_000);

let dataDir: string;
let ports: Record<PortSetting, string>;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'npm-start-'));
  const entries = await Promise.all(
    tenantPorts.map(async ({ setting }) => [setting, String(await findFreePort())] as const),
  );
  ports = Object.fromEntries(entries) as Record<PortSetting, string>;
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

function npmStart(environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(projectRoot, 'dist/simulator/start.js')], {
    env: { ...process.env, ...ports, SIM_DATA_DIR: dataDir, SIM_PEOPLE: '15', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const ready = () =>
    eventually(
      'it is ready, or has ended',
      () => said.out.includes('Ctrl-C') || child.exitCode !== null,
      60_000,
    );
  return { child, said, ended, ready };
}

const control = async (path: string) =>
  (await fetch(`http://localhost:${ports.SIM_PAGE_PORT}/_sim/${path}`)).json();

const allPortsFree = async () =>
  (await Promise.all(Object.values(ports).map((port) => isPortFree(Number(port))))).every(Boolean);

it('runs until Ctrl-C, and goes on where it was', async () => {
  const first = npmStart();
  await first.ready();
  expect(first.said.err).toBe('');
  expect(first.said.out).toContain(`http://localhost:${ports.SIM_PAGE_PORT}`);
  expect(first.said.out).toContain('15 of 15');
  const subscriptions = await control('subscriptions');
  expect(subscriptions).toHaveLength(1);
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(await allPortsFree()).toBe(true);

  const second = npmStart();
  await second.ready();
  expect(await control('subscriptions')).toMatchObject([{ id: (subscriptions as { id: string }[])[0]!.id }]);
  second.child.kill('SIGINT');
  await second.ended;
});

it('names each port in use, and starts nothing', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const port = String((occupant.address() as AddressInfo).port);
  const { said, ended } = npmStart({ AZURITE_QUEUE_PORT: port });
  expect(await ended).toBe(1);
  expect(said.err).toContain(
    `Port ${port}, for Azurite's queues, is in use: set AZURITE_QUEUE_PORT to another port.`,
  );
  expect(said.out).toBe('');
  occupant.close();
});

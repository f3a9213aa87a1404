import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../src/simulator/settings';
import { runSimulator, type Row } from './running-simulator';

describe('between runs', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'photo-sync-simulator-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('people, photos, roles, the clock and the CA are kept', async () => {
    const first = await runSimulator({ SIM_DATA_DIR: dataDir, SIM_PEOPLE: '3' });
    const [person] = (await first.control('GET', 'users')).json<Row[]>();
    await first.control('PUT', `users/${person?.id ?? ''}/photo?drawing=new`);
    await first.control('PUT', 'roles', { graph: [] });
    await first.control('POST', 'clock', { advanceSeconds: 3_600 });
    const people = (await first.control('GET', 'users')).json<Row[]>();
    await first.stop();

    const second = await runSimulator({ SIM_DATA_DIR: dataDir, SIM_PEOPLE: '9' });
    expect((await second.control('GET', 'users')).json()).toEqual(people);
    expect((await second.control('GET', 'roles')).json()).toMatchObject({ graph: [] });
    expect((await second.control('GET', 'state')).json()).toMatchObject({ clockOffsetSeconds: 3_600 });
    expect(second.ca).toBe(first.ca);
    await second.stop();
  });

  it('a damaged file is named, with what to do', async () => {
    await writeFile(join(dataDir, 'books.json'), '{"version":');
    await expect(runSimulator({ SIM_DATA_DIR: dataDir })).rejects.toThrow(
      /books\.json can't be read\. .*--reset/,
    );
  });

  it('a port in use is named, with the setting that moves it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(
      runSimulator({ SIM_DATA_DIR: dataDir, SIM_PEOPLE: '0', SIM_ADMIN_PORT: String(port) }),
    ).rejects.toThrow(`Port ${String(port)} is in use. Set SIM_ADMIN_PORT`);
    other.close();
  });

  it('everything wrong in the settings is told at once', () => {
    const read = () =>
      readSettings({
        SIM_PAGE_PORT: 'x',
        SIM_PEOPLE: '-1',
        SIM_LIMITS: 'none',
        SIM_HOSTS: 'mars=mars.example',
      });
    for (const name of ['SIM_PAGE_PORT', 'SIM_PEOPLE', 'SIM_LIMITS', 'SIM_HOSTS']) expect(read).toThrow(name);
  });
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tenantId } from '../support/ids';

const root = join(__dirname, '../..');
const address = 'https://photos.example/api/notifications';

/** Storage is opened but never asked: nothing has to listen there. */
const settings = {
  PhotoSyncStorage: 'UseDevelopmentStorage=true',
  TENANT_ID: tenantId,
  SHAREPOINT_TENANT: 'contoso',
  NOTIFICATION_URL: address,
};

interface Outcome {
  status: number;
  body: string;
  /** Names of the npm packages in memory at the end. */
  loaded: string[];
}

/** Loads the built app in a process of its own and calls the receiver once. */
async function callReceiver(name: string, url: string, body?: string): Promise<Outcome> {
  const script = join(__dirname, 'call-receiver.cjs');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [script, join(root, 'dist'), name, url, ...(body === undefined ? [] : [body])],
    { cwd: root, env: { ...settings, PATH: process.env.PATH } },
  );
  return JSON.parse(stdout) as Outcome;
}

const routes = [
  { name: 'receive-notifications', url: address },
  { name: 'receive-lifecycle', url: 'https://photos.example/api/lifecycle' },
];

it.each(routes)(
  'Loading the app and answering a handshake in $name loads @azure/functions and what belongs to it, nothing else',
  async ({ name, url }) => {
    const { status, body, loaded } = await callReceiver(name, `${url}?validationToken=Validation:%20x`);
    expect({ status, body }).toEqual({ status: 200, body: 'Validation: x' });
    expect(loaded).toContain('@azure/functions');
    for (const heavy of ['@azure/identity', '@azure/storage-queue', '@azure/data-tables', 'zod']) {
      expect(loaded).not.toContain(heavy);
    }
    expect(loaded).not.toContain('@microsoft/microsoft-graph-client');
    expect(loaded.length).toBeLessThan(15);
  },
);

it.each(routes)(
  'The first POST to $name loads what it needs, and that is nothing of Microsoft Graph',
  async ({ name, url }) => {
    const { status, loaded } = await callReceiver(name, url, '{}');
    expect(status).toBe(400);
    expect(loaded).toEqual(expect.arrayContaining(['@azure/storage-queue', '@azure/data-tables', 'zod']));
    expect(loaded).not.toContain('@microsoft/microsoft-graph-client');
  },
);

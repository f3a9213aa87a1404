import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProfileStore } from '../../src/tenant/sharepoint';
import { createSharePointClient } from '../../src/tenant/sharepoint-client';

const steps: string[] = [];
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    steps.push(request.method ?? '');
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  steps.length = 0;
});

function step(name: string) {
  return () => {
    steps.push(name);
    return Promise.resolve(name);
  };
}

const client = () => createSharePointClient({ tokenFor: step('token') }, { timeoutMs: 5000 });

describe('Before a request to SharePoint', () => {
  it('the claim is checked when the token is there', async () => {
    const before = async () => {
      await step('check')();
    };
    await client().request('GET', origin, '/', { before });
    expect(steps).toEqual(['token', 'check', 'GET']);
  });

  it('a check that fails keeps it from being made', async () => {
    const before = () => Promise.reject(new Error('Another worker took over this person.'));
    await expect(client().request('POST', origin, '/', { before })).rejects.toThrow('took over');
    expect(steps).toEqual(['token']);
  });

  it('that sets one property the claim is checked, for each property', async () => {
    const options = {
      rootUrl: origin,
      adminUrl: origin,
      profileHost: 'admin',
      profileWrite: 'rest',
    } as const;
    const changes = ['SPS-PictureTimestamp', 'PictureURL'].map((name) => [name, 'value'] as const);
    const before = async () => {
      await step('check')();
    };
    expect(await createProfileStore(client(), options).setProperties(origin, 'alex', changes, before)).toBe(
      'set',
    );
    expect(steps).toEqual(['token', 'check', 'POST', 'token', 'check', 'POST']);
  });
});

import { request } from 'node:http';
import type { HostHandle } from '../../../src/simulator/launching/host-process';
import { eventually } from '../../support/eventually';
import { saidBy, startFixtureHost } from './fixture-host';

// A host is a process of its own, and takes a second or more to start on a busy machine.
jest.setTimeout(30_000);

let host: HostHandle;
beforeAll(async () => {
  host = await startFixtureHost('everything', { 'AzureWebJobs.off.Disabled': 'true' });
});
afterAll(() => host.stop());

const get = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init);

it.each([
  { when: 'the route is unknown', method: 'GET', path: '/api/nowhere', status: 404 },
  { when: 'the method is not registered', method: 'DELETE', path: '/api/echo', status: 404 },
  { when: 'HEAD is not registered', method: 'HEAD', path: '/api/echo', status: 404 },
  { when: 'the function is disabled', method: 'GET', path: '/api/off', status: 404 },
  {
    when: 'another function has the route and the method',
    method: 'DELETE',
    path: '/api/items/1',
    status: 202,
  },
  { when: 'the handler returns nothing', method: 'GET', path: '/api/nothing', status: 204 },
  { when: 'the handler throws', method: 'GET', path: '/api/throws', status: 500 },
  { when: 'the handler returns a string', method: 'GET', path: '/api/text-result', status: 500 },
  { when: 'the URL is too long', method: 'GET', path: `/api/echo?a=${'x'.repeat(9000)}`, status: 414 },
])('$status without a body when $when', async ({ method, path, status }) => {
  const response = await get(path, { method });
  expect([response.status, await response.text()]).toEqual([status, '']);
});

it('hands over what came in', async () => {
  const response = await get('/api/echo?a=1&b=%20+%2B&A=2&empty=', {
    method: 'POST',
    body: 'ä',
    headers: { 'x-twice': 'one' },
  });
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual({
    function: 'echo',
    method: 'POST',
    url: `${host.url}/api/echo?a=1&b=%20+%2B&A=2&empty=`,
    query: { a: '1,2', b: '  +', empty: '' },
    params: {},
    header: 'one',
    body: 'ä',
  });
});

it('joins repeated headers with a comma', async () => {
  const answer = await send({ headers: { 'x-twice': ['one', 'two'] }, body: '' });
  expect(JSON.parse(answer)).toMatchObject({ header: 'one,two' });
});

it('hands over no body that came in chunks without a length', async () => {
  const answer = await send({ headers: { 'transfer-encoding': 'chunked' }, body: 'lost' });
  expect(JSON.parse(answer)).toMatchObject({ method: 'POST', body: '' });
});

it('passes on status and headers of the answer', async () => {
  const response = await get('/api/items/7', { method: 'DELETE' });
  expect([response.status, response.headers.get('x-own')]).toEqual([202, 'yes']);
});

it('tries routes in the order of the names of the functions', async () => {
  expect(await (await get('/api/items/special')).text()).toBe('a-first special');
});

it('refuses a body over 100 MB by its length', async () => {
  const status = await new Promise((resolve, reject) => {
    const upload = request(`${host.url}/api/echo`, {
      method: 'POST',
      headers: { 'content-length': String(100 * 1024 * 1024 + 1) },
    });
    upload.once('error', reject);
    upload.once('response', (response) => {
      resolve(response.statusCode);
      upload.destroy();
    });
    upload.flushHeaders();
  });
  expect(status).toBe(413);
});

it('logs what a handler, a hook, the console and a failure say', async () => {
  await get('/api/echo');
  await get('/api/throws');
  await get('/api/rejects');
  const lines = await eventually('all of it is in the log', () => {
    const found = ['hooked', 'said by console', 'the handler failed', 'nobody waits for this'].map((text) =>
      host.logs.find((line) => line.message.includes(text)),
    );
    return found.every(Boolean) && found;
  });
  expect(lines.map((line) => [line?.level, line?.function, Boolean(line?.invocationId)])).toEqual([
    ['information', 'echo', true],
    ['information', '', false],
    ['error', 'throws', true],
    ['error', '', false],
  ]);
});

it('goes on after an unhandled rejection', async () => {
  await get('/api/rejects');
  expect((await get('/api/echo')).status).toBe(200);
});

it('leaves out functions that cannot run, and says why', () => {
  expect(host.functions).toEqual(expect.arrayContaining(['echo', 'every-second']));
  for (const name of ['off', 'unset', 'bad-schedule', 'on-message'])
    expect(host.functions).not.toContain(name);
  const why = (name: string) => host.logs.find((line) => line.function === name)?.message;
  expect(why('unset')).toContain('set the app setting NOT_SET');
  expect(why('bad-schedule')).toContain("'every day' was not recognized");
  expect(why('on-message')).toContain('set FixtureStorage, or FixtureStorage__queueServiceUri');
});

describe('the admin route', () => {
  const start = (name: string, init: RequestInit = {}) =>
    get(`/admin/functions/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      ...init,
    });

  it('starts a timer', async () => {
    expect((await start('every-second')).status).toBe(202);
    const [said] = await eventually(
      'the timer runs',
      () => saidBy(host, 'every-second').length > 0 && saidBy(host, 'every-second'),
    );
    expect(said).toMatchObject({ timer: { isPastDue: false, schedule: { adjustForDST: true } } });
  });

  it.each([
    { when: 'there is no such function', name: 'nobody', init: {}, status: 404 },
    { when: 'the function is disabled', name: 'off', init: {}, status: 404 },
    { when: 'HTTP triggers the function', name: 'echo', init: {}, status: 400 },
    { when: 'there is no body', name: 'every-second', init: { body: '' }, status: 400 },
    { when: 'the body is no object', name: 'every-second', init: { body: '1' }, status: 400 },
    {
      when: 'a form asks',
      name: 'every-second',
      init: { headers: { 'content-type': 'text/plain' } },
      status: 415,
    },
    {
      when: 'another site asks',
      name: 'every-second',
      init: { headers: { 'content-type': 'application/json', origin: 'https://example.com' } },
      status: 403,
    },
    { when: 'it is read', name: 'every-second', init: { method: 'GET', body: null }, status: 404 },
  ])('answers $status when $when', async ({ name, init, status }) => {
    expect((await start(name, init)).status).toBe(status);
  });
});

/** A POST to `echo` whose headers are sent as given, which fetch would not do. */
function send({
  headers,
  body,
}: {
  headers: Record<string, string | string[]>;
  body: string;
}): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${host.url}/api/echo`, { method: 'POST', headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

import { once } from 'node:events';
import { connect } from 'node:net';
import { peopleOf, runSimulator, send, type Row, type RunningSimulator } from './running-simulator';

describe('the control API', () => {
  let simulator: RunningSimulator;
  let person: Row;

  beforeAll(async () => {
    simulator = await runSimulator({ SIM_PEOPLE: '3' });
    person = (await peopleOf(simulator)).get('ordinary') as Row;
  });
  afterAll(() => simulator.end());

  const { port } = { port: () => new URL(simulator.pageUrl).port };
  const ask = (path: string, method: string, headers: Record<string, string>, body?: string) =>
    send(`http://127.0.0.1:${port()}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });

  it.each([
    {
      when: 'the name was bound to this machine by someone else',
      method: 'GET',
      headers: () => ({ host: 'evil.example:80' }),
    },
    { when: 'the port in Host is another', method: 'GET', headers: () => ({ host: 'localhost:1' }) },
    { when: 'another page asks', method: 'GET', headers: () => ({ origin: 'https://evil.example' }) },
    { when: 'a page without an origin asks', method: 'GET', headers: () => ({ origin: 'null' }) },
    { when: 'a write has no x-sim', method: 'PUT', headers: () => ({}) },
    {
      when: 'a write of another page has it',
      method: 'PUT',
      headers: () => ({ 'x-sim': '1', origin: 'http://localhost:1' }),
    },
  ])('refuses when $when', async ({ method, headers }) => {
    const answer = await ask('/_sim/faults', method, headers(), method === 'PUT' ? '[]' : undefined);
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.json())).toEqual(['error']);
  });

  it('takes writes of its own page', async () => {
    const headers = { 'x-sim': '1', origin: simulator.pageUrl };
    expect((await ask('/_sim/faults', 'PUT', headers, '[]')).status).toBe(200);
  });

  it.each([
    { method: 'GET', path: 'nothing', body: undefined, status: 404 },
    { method: 'DELETE', path: 'faults', body: undefined, status: 405 },
    { method: 'PUT', path: 'faults', body: Buffer.from('{'), status: 400 },
    { method: 'PUT', path: 'faults', body: Buffer.alloc(21 * 1_024 * 1_024, ' '), status: 413 },
    { method: 'GET', path: 'users/00000000-0000-4000-8000-000000000000', body: undefined, status: 404 },
    { method: 'GET', path: 'users?top=-1', body: undefined, status: 400 },
    { method: 'POST', path: 'clock', body: { advanceSeconds: -1 }, status: 400 },
    { method: 'PATCH', path: 'users/ID', body: { shoeSize: 43 }, status: 400 },
    { method: 'PUT', path: 'users/ID/photo', body: undefined, status: 400 },
    { method: 'GET', path: 'users/ID/photo?size=47', body: undefined, status: 400 },
  ])('answers $method $path with $status in one line', async ({ method, path, body, status }) => {
    const answer = await simulator.control(method, path.replace('ID', person.id), body);
    expect(answer.status).toBe(status);
    expect(answer.body.toString().trim()).toMatch(/^\{"error":".+"\}$/);
  });

  it('survives what is no HTTP', async () => {
    const socket = connect(Number(port()), '127.0.0.1');
    socket.end('GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket.resume(), 'close');
    expect((await simulator.control('GET', 'state')).status).toBe(200);
  });

  it('serves the page with a policy that lets nothing in from outside', async () => {
    const { status, headers } = await ask('/', 'GET', {});
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it.each(['/../package.json', '/..%2fpackage.json', '/package.json', '/.env', '//etc/passwd'])(
    'has no file %s',
    async (path) => {
      expect((await ask(path, 'GET', {})).status).toBe(404);
    },
  );

  it('adds, changes and removes people', async () => {
    const [added] = (await simulator.control('POST', 'users', { count: 2, kind: 'apostrophe' })).json<
      Row[]
    >();
    const id = added?.id ?? '';
    expect(added?.userPrincipalName).toContain("'");
    const renamed = (
      await simulator.control('PATCH', `users/${id}`, { userPrincipalName: 'New.Name@contoso.com' })
    ).json<Row>();
    expect(renamed).toMatchObject({ userPrincipalName: 'New.Name@contoso.com', inSync: true });
    const taken = await simulator.control('PATCH', `users/${person.id}`, {
      userPrincipalName: 'new.name@contoso.com',
    });
    expect(taken.status).toBe(409);
    expect((await simulator.control('DELETE', `users/${id}`)).status).toBe(200);
    expect((await simulator.graph(`/users/${id}`)).status).toBe(404);
  });

  it('tells events from a number on, and goes on as they happen', async () => {
    const lastEvent = (await simulator.control('GET', 'state')).json<{ lastEvent: number }>().lastEvent;
    const response = await fetch(`${simulator.pageUrl}/_sim/events?since=${String(lastEvent)}`);
    const lines = [
      {
        time: '2026-11-24T09:00:00Z',
        level: 'information',
        function: 'apply-photo',
        message: '{"event":"photo-decided","plan":"skip"}',
      },
      { time: '2026-11-24T09:00:00Z', level: 'warning', function: null, message: 'plain words' },
    ];
    await simulator.control('POST', 'app-log', { lines });
    await simulator.control('POST', 'clock', { advanceSeconds: 1 });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"type":"clock"')) break;
    }
    const events = text
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as object);
    expect(events).toMatchObject([
      {
        n: lastEvent + 1,
        type: 'app',
        function: 'apply-photo',
        line: { event: 'photo-decided', plan: 'skip' },
      },
      { type: 'app', level: 'warning', line: { message: 'plain words' } },
      { type: 'clock', advanceSeconds: 1 },
    ]);
    expect((await simulator.control('GET', 'state')).json()).toMatchObject({
      appLogConnected: true,
      clockOffsetSeconds: 1,
    });
  });

  it('puts its clock into the Date of every answer', async () => {
    await simulator.control('POST', 'clock', { advanceSeconds: 86_400 });
    const answer = await simulator.graph('/users');
    expect(Date.parse(answer.headers['date'] ?? '')).toBeGreaterThan(Date.now() + 86_000_000);
  });
});

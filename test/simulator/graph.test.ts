import { peopleOf, runSimulator, type Row, type RunningSimulator } from './running-simulator';

interface BatchAnswer {
  responses: { id: string; status: number; headers: Record<string, string>; body: unknown }[];
}

describe('Graph', () => {
  let simulator: RunningSimulator;
  let people: Map<string, Row>;

  const id = (kind: string) => people.get(kind)?.id ?? '';
  const batch = async (requests: object[]) =>
    simulator.graph('/$batch', { method: 'POST', body: JSON.stringify({ requests }) });
  const get = (url: string, index = 0) => ({ id: String(index), method: 'GET', url });

  beforeAll(async () => {
    simulator = await runSimulator();
    people = await peopleOf(simulator);
  });
  afterEach(() => simulator.control('PUT', 'faults', []));
  afterAll(() => simulator.end());

  it('knows people by object id and by encoded sign-in name', async () => {
    const guest = people.get('guest')?.userPrincipalName ?? '';
    const byName = await simulator.graph(`/users/${encodeURIComponent(guest)}?$select=id,userType`);
    expect(byName.json()).toMatchObject({ id: id('guest'), userType: 'Guest' });
    expect(Object.keys(byName.json()).sort()).toEqual(['@odata.context', 'id', 'userType']);
    // What follows the # never reaches a server.
    expect((await simulator.graph(`/users/${guest}`)).status).toBe(404);
  });

  it.each([
    { path: '/users/00000000-0000-4000-8000-000000000000', status: 404, code: 'Request_ResourceNotFound' },
    {
      path: '/users/00000000-0000-4000-8000-000000000000/photo',
      status: 404,
      code: 'Request_ResourceNotFound',
    },
    { path: '/users?$select=shoeSize', status: 400, code: 'Request_BadRequest' },
    { path: '/users?$skiptoken=bm9ib2R5', status: 400, code: 'Request_BadRequest' },
    { path: '/planets', status: 400, code: 'BadRequest' },
  ])('answers $path with $status $code', async ({ path, status, code }) => {
    const answer = await simulator.graph(path);
    expect(answer.status).toBe(status);
    expect(answer.json<{ error: { code: string } }>().error.code).toBe(code);
  });

  it('pages through everybody once', async () => {
    const ids: string[] = [];
    let path: string | undefined = '/users?$top=5&$select=id';
    while (path !== undefined) {
      const page: { value: { id: string }[]; '@odata.nextLink'?: string } = (
        await simulator.graph(path)
      ).json();
      ids.push(...page.value.map((user) => user.id));
      path = page['@odata.nextLink']?.slice(`${simulator.graphUrl}/v1.0`.length);
    }
    expect(new Set(ids).size).toBe(14);
    expect(ids).toHaveLength(14);
  });

  it('writes addresses by the name it was asked by', async () => {
    const next = async (host: string) =>
      (await simulator.graph('/users?$top=1', { headers: { host } })).json<Record<string, string>>()[
        '@odata.nextLink'
      ];
    expect(await next('graph.microsoft.com')).toMatch(/^https:\/\/graph\.microsoft\.com\/v1\.0\/users\?/);
    expect(await next(new URL(simulator.graphUrl).host)).toMatch(`${simulator.graphUrl}/v1.0/users?`);
  });

  it('answers a batch part by part: JSON as it is, pictures in base64', async () => {
    const person = id('ordinary');
    const answer = await batch([
      get(`/users/${person}?$select=id`, 1),
      get(`/users/${person}/photos/48x48/$value`, 2),
      get(`/users/${id('no-photo')}/photo/$value`, 3),
    ]);
    const parts = new Map(answer.json<BatchAnswer>().responses.map((part) => [part.id, part]));
    expect(parts.get('1')).toMatchObject({ status: 200, body: { id: person } });
    expect(parts.get('2')).toMatchObject({ status: 200, headers: { 'Content-Type': 'image/jpeg' } });
    const alone = await simulator.graph(`/users/${person}/photos/48x48/$value`);
    expect(Buffer.from(parts.get('2')?.body as string, 'base64').equals(alone.body)).toBe(true);
    expect(parts.get('3')).toMatchObject({ status: 404, body: { error: {} } });
  });

  it('throttles the parts of a batch by themselves', async () => {
    await simulator.control('PUT', 'faults', [
      { service: 'graph', match: 'GET .*/photo$', status: 429, retryAfterSeconds: 7, times: 1 },
    ]);
    const answer = await batch([
      get(`/users/${id('ordinary')}/photo`, 1),
      get(`/users/${id('dotted')}/photo`, 2),
    ]);
    expect(answer.status).toBe(200);
    const { responses } = answer.json<BatchAnswer>();
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 429]);
    expect(responses.find(({ status }) => status === 429)?.headers['Retry-After']).toBe('7');
  });

  it('answers the parts of a batch in any order', async () => {
    const orders = new Set<string>();
    for (let round = 0; round < 20 && orders.size < 2; round++) {
      const answer = await batch(Array.from({ length: 8 }, (_, index) => get('/users/x', index)));
      orders.add(
        answer
          .json<BatchAnswer>()
          .responses.map((part) => part.id)
          .join(),
      );
    }
    expect(orders.size).toBeGreaterThan(1);
  });

  it.each([
    { what: 'twenty-one parts', requests: Array.from({ length: 21 }, (_, index) => get('/users/x', index)) },
    { what: 'the same id twice', requests: [get('/users/x', 1), get('/users/y', 1)] },
    { what: 'a part without an address', requests: [{ id: '1', method: 'GET' }] },
  ])('refuses a batch with $what', async ({ requests }) => {
    expect((await batch(requests)).status).toBe(400);
  });

  it('logs a batch as one request, with what it held', async () => {
    await batch([get('/users/x', 1), get('/users/y', 2)]);
    const log = (await simulator.control('GET', 'requests?since=0')).json<
      { path: string; inner?: unknown[] }[]
    >();
    expect(log.at(-1)).toMatchObject({ service: 'graph', method: 'POST', path: '/v1.0/$batch', status: 200 });
    expect(log.at(-1)?.inner).toHaveLength(2);
  });
});

import { peopleOf, runSimulator, send, type RunningSimulator } from './running-simulator';

describe('faults in force', () => {
  let simulator: RunningSimulator;
  let id: string;

  beforeAll(async () => {
    simulator = await runSimulator({ SIM_PEOPLE: '3' });
    id = (await peopleOf(simulator)).get('ordinary')?.id ?? '';
  });
  afterEach(() => simulator.control('PUT', 'faults', []));
  afterAll(() => simulator.end());

  const setFaults = (...faults: object[]) => simulator.control('PUT', 'faults', faults);
  const look = () => simulator.graph(`/users/${id}/photo`);
  const hits = async () =>
    (await simulator.control('GET', 'faults')).json<{ hits: number }[]>()[0]?.hits ?? 0;
  const statuses = async (count: number) => {
    const found: number[] = [];
    for (let index = 0; index < count; index++) found.push((await look()).status);
    return found;
  };

  it('happen so many times, are counted, and then end', async () => {
    await setFaults({ service: 'graph', match: '/photo$', status: 503, times: 2 });
    expect(await statuses(3)).toEqual([503, 503, 200]);
    expect((await simulator.control('GET', 'faults')).json()).toMatchObject([{ status: 503, hits: 2 }]);
  });

  it('may let the first ones through', async () => {
    await setFaults({ service: 'graph', match: '/photo$', status: 503, skip: 2, times: 1 });
    expect(await statuses(4)).toEqual([200, 200, 503, 200]);
  });

  it('happen to the service and the requests they name only', async () => {
    await setFaults({ service: 'admin', status: 503 }, { service: 'graph', match: '^POST ', status: 500 });
    expect(await statuses(1)).toEqual([200]);
  });

  it('say when to come again, in seconds or as a date by the clock', async () => {
    await setFaults({ service: 'graph', status: 429, retryAfterSeconds: 30 });
    expect((await look()).headers['retry-after']).toBe('30');
    await setFaults({ service: 'graph', status: 429, retryAfterSeconds: 30, retryAfterDate: true });
    const { headers } = await look();
    const wait = Date.parse(headers['retry-after'] ?? '') - Date.parse(headers['date'] ?? '');
    expect(wait).toBeGreaterThanOrEqual(29_000);
    expect(wait).toBeLessThanOrEqual(31_000);
  });

  it('may delay and do nothing else', async () => {
    await setFaults({ service: 'graph', delayMs: 120 });
    const startedAt = performance.now();
    expect((await look()).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });

  it('delay no longer than they are in force, whatever else is', async () => {
    const delaying = { service: 'graph', delayMs: 60_000 };
    await setFaults(delaying);
    let isAnswered = false;
    const pending = look().finally(() => (isAnswered = true));
    while ((await hits()) === 0);
    await setFaults({ ...delaying }, { service: 'mysite', status: 503 });
    await simulator.control('GET', 'faults');
    expect(isAnswered).toBe(false);
    await setFaults({ service: 'mysite', status: 503 });
    expect((await pending).status).toBe(200);
  });

  it('may let the work be done before they fail', async () => {
    await setFaults({ service: 'graph', match: 'reauthorize|DELETE', status: 504, after: true });
    const gone = '/subscriptions/980e4152-5cbe-49f5-a277-5d04e2316e22';
    expect((await simulator.graph(gone, { method: 'DELETE' })).status).toBe(504);
  });

  it('may hold the answer back when the work is done', async () => {
    await setFaults({ service: 'graph', delayMs: 300, after: true });
    const before = (await simulator.control('GET', `users/${id}`)).json<{ source: { etag: string } }>();
    const pending = look();
    while ((await hits()) === 0);
    await simulator.control('PUT', `users/${id}/photo?drawing=meanwhile`);
    expect((await pending).json()).toMatchObject({ '@odata.mediaEtag': before.source.etag });
  });

  it.each([
    { kind: 'reset', code: 'ECONNRESET' },
    { kind: 'truncate', code: 'ECONNRESET' },
  ])('may $kind the connection', async ({ kind, code }) => {
    await setFaults({ service: 'graph', kind });
    await expect(look()).rejects.toMatchObject({ code });
  });

  it('may never answer', async () => {
    await setFaults({ service: 'identity', kind: 'hang' });
    const hanging = fetch(`${simulator.identityUrl}/msi/token`, { signal: AbortSignal.timeout(200) });
    await expect(hanging).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('may redirect, with or without a place', async () => {
    await setFaults({ service: 'graph', kind: 'redirect', to: 'https://elsewhere.invalid/steal' });
    expect(await look()).toMatchObject({
      status: 302,
      headers: { location: 'https://elsewhere.invalid/steal' },
    });
  });

  it('may answer with other words, or with very many bytes', async () => {
    await setFaults(
      { service: 'graph', body: '<html>down for maintenance</html>', times: 1 },
      { service: 'graph', bodyBytes: 9_000_000 },
    );
    expect(await look()).toMatchObject({ status: 200, headers: { 'content-type': 'text/html' } });
    const { body, headers } = await look();
    expect(body).toHaveLength(9_000_000);
    expect(headers['content-length']).toBeUndefined();
  });

  it.each([
    { fault: { service: 'moon' }, told: 'service' },
    { fault: { service: 'graph', match: '(' }, told: 'not a regular expression' },
    { fault: { service: 'graph', probability: 2 }, told: 'probability' },
    { fault: { drop: true, colour: 'red' }, told: 'colour' },
  ])('are refused when they make no sense: $fault', async ({ fault, told }) => {
    const answer = await setFaults(fault);
    expect(answer.status).toBe(400);
    expect(answer.json<{ error: string }>().error).toContain(told);
  });

  it('come before the token is looked at, as an outage does', async () => {
    await setFaults({ service: 'mysite', status: 503 });
    expect((await send(simulator.mySiteUrl, {}, simulator.ca)).status).toBe(503);
  });
});

import { validateEndpoint } from '../../src/simulator/notifying/validate-endpoint';
import { runSimulator, type RunningSimulator } from './running-simulator';
import { runWebhook, type Received, type Webhook } from './webhook';

const MINUTE = 60_000;

const token = ({ url }: Received) => url.searchParams.get('validationToken') ?? '';

describe('subscriptions', () => {
  let simulator: RunningSimulator;
  let webhook: Webhook;

  beforeAll(async () => {
    [simulator, webhook] = await Promise.all([runSimulator({ SIM_PEOPLE: '2' }), runWebhook()]);
  });
  beforeEach(() => {
    webhook.reply = undefined;
    webhook.received.length = 0;
  });
  afterAll(() => Promise.all([simulator.end(), webhook.end()]));

  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();
  const subscribe = (wish: Record<string, unknown> = {}, asking?: string) =>
    simulator.graph(
      '/subscriptions',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          changeType: 'updated',
          resource: 'users',
          notificationUrl: webhook.url,
          expirationDateTime: inMinutes(40_320),
          clientState: 'state',
          ...wish,
        }),
      },
      asking,
    );
  const listed = async () =>
    (await simulator.graph('/subscriptions')).json<{ value: { id: string; clientState: null }[] }>().value;

  it('are made after the endpoint has echoed a token with blanks, colons, plus and per cent', async () => {
    const answer = await subscribe({ lifecycleNotificationUrl: `${webhook.url}?lifecycle=yes` });
    expect(answer.status).toBe(201);
    expect(answer.json()).toMatchObject({ resource: 'users', clientState: 'state' });
    expect(webhook.received).toHaveLength(2);
    for (const asked of webhook.received) {
      expect(asked.headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(token(asked)).toMatch(/^Validation: .* 100% 1\+1=2 %2B$/);
    }
    expect(webhook.received[1]?.url.searchParams.get('lifecycle')).toBe('yes');
  });

  it('never give their clientState back', async () => {
    expect((await listed()).every(({ clientState }) => clientState === null)).toBe(true);
  });

  it.each([
    { when: 'answers 202', reply: (asked: Received) => ({ status: 202, body: token(asked) }) },
    {
      when: 'echoes the token encoded',
      reply: (asked: Received) => ({ status: 200, body: encodeURIComponent(token(asked)) }),
    },
    { when: 'adds a line end', reply: (asked: Received) => ({ status: 200, body: `${token(asked)}\n` }) },
    {
      when: 'calls it HTML',
      reply: (asked: Received) => ({ status: 200, contentType: 'text/html', body: token(asked) }),
    },
    { when: 'redirects', reply: () => ({ status: 302 }) },
  ])('are not made when the endpoint $when', async ({ reply }) => {
    webhook.reply = reply;
    const before = await listed();
    const answer = await subscribe();
    expect(answer.status).toBe(400);
    expect(answer.json<{ error: { code: string } }>().error.code).toBe('ValidationError');
    expect(await listed()).toEqual(before);
  });

  it('are not made when the endpoint takes too long', async () => {
    webhook.reply = () => new Promise(() => undefined);
    expect(await validateEndpoint(webhook.url, 50)).toBe('Subscription validation request timed out.');
  });

  it.each([
    { what: 'another change', wish: { changeType: 'created' } },
    { what: 'another resource', wish: { resource: '/groups' } },
    { what: 'a path below a user', wish: { resource: '/users/980e4152-5cbe-49f5-a277-5d04e2316e22/photo' } },
    { what: 'plain http to another machine', wish: { notificationUrl: 'http://example.org/' } },
    { what: 'a clientState of 129 characters', wish: { clientState: 'x'.repeat(129) } },
    { what: 'more than 41,760 minutes', wish: { expirationDateTime: inMinutes(41_790) } },
    { what: 'a time that has passed', wish: { expirationDateTime: inMinutes(-1) } },
  ])('are refused for $what', async ({ wish }) => {
    expect((await subscribe(wish)).status).toBe(400);
    expect(webhook.received).toEqual([]);
  });

  it('need User.Read.All; a permission to write does not do', async () => {
    const asking = simulator.tokenFor(simulator.graphUrl, ['User.ReadWrite.All']);
    expect((await subscribe({}, asking)).status).toBe(403);
  });

  it('can be renewed, reauthorised and deleted, and expire by the clock', async () => {
    const { id } = (await subscribe({ expirationDateTime: inMinutes(10) })).json<{ id: string }>();
    const renewed = await simulator.graph(`/subscriptions/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ expirationDateTime: inMinutes(60) }),
    });
    expect(renewed.status).toBe(200);
    expect((await simulator.graph(`/subscriptions/${id}/reauthorize`, { method: 'POST' })).status).toBe(204);
    await simulator.control('POST', 'clock', { advanceSeconds: 61 * 60 });
    expect((await simulator.graph(`/subscriptions/${id}`)).status).toBe(404);
    const [other] = await listed();
    expect((await simulator.graph(`/subscriptions/${other?.id ?? ''}`, { method: 'DELETE' })).status).toBe(
      204,
    );
  });

  it('are a hundred at most', async () => {
    const have = (await listed()).length;
    const answers = await Promise.all(Array.from({ length: 101 - have }, () => subscribe()));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(100 - have).fill(201), 403]);
  });
});

import { peopleOf, runSimulator, type Row, type RunningSimulator } from './running-simulator';
import { runWebhook, type Webhook } from './webhook';

interface Attempt {
  n: number;
  personIds: string[];
  status: number;
  attempt: number;
}

describe('notifications', () => {
  let simulator: RunningSimulator;
  let webhook: Webhook;
  let mailboxPerson: Row;
  let directoryPerson: Row;

  let subscriptionId: string;
  let seen: number;

  const attempts = async () =>
    (await simulator.control('GET', `notifications?since=${String(seen)}`)).json<Attempt[]>();
  const now = async () => Date.parse((await simulator.control('GET', 'state')).json<{ now: string }>().now);

  beforeAll(async () => {
    simulator = await runSimulator({ SIM_PEOPLE: '13', SIM_LIMITS: 'off' });
    const people = await peopleOf(simulator);
    [mailboxPerson, directoryPerson] = [people.get('ordinary'), people.get('no-mailbox')] as [Row, Row];
  });
  afterAll(() => simulator.end());

  beforeEach(async () => {
    webhook = await runWebhook();
    seen = 0;
    seen = (await attempts()).at(-1)?.n ?? 0;
    const wish = {
      changeType: 'updated',
      resource: '/users',
      notificationUrl: webhook.url,
      expirationDateTime: new Date((await now()) + 40_320 * 60_000).toISOString(),
      clientState: 'secret',
    };
    const made = await simulator.graph('/subscriptions', { method: 'POST', body: JSON.stringify(wish) });
    subscriptionId = made.json<{ id: string }>().id;
  });
  afterEach(async () => {
    await simulator.control('PUT', 'faults', []);
    await simulator.graph(`/subscriptions/${subscriptionId}`, { method: 'DELETE' });
    await webhook.end();
  });

  const draw = (person: Row, query = '') =>
    simulator.control('PUT', `users/${person.id}/photo?drawing=x${query}`);
  const notify = (personIds: string[], batch?: number) =>
    simulator.control('POST', 'notify', { personIds, batch });

  it('say who changed, and nothing of what', async () => {
    await simulator.control('PATCH', `users/${mailboxPerson.id}`, { jobTitle: 'Captain' });
    await webhook.posted(1);
    expect(webhook.posts()[0]?.[0]).toMatchObject({
      changeType: 'updated',
      clientState: 'secret',
      resource: `Users/${mailboxPerson.id}`,
      resourceData: { '@odata.type': '#Microsoft.Graph.User', id: mailboxPerson.id },
    });
    expect(webhook.received.at(-1)?.body).not.toContain('Captain');
  });

  it("come for a photo in the directory, and for a mailbox's only when asked to", async () => {
    await draw(mailboxPerson);
    await draw(directoryPerson);
    await draw(mailboxPerson, '&notify=true');
    await draw(directoryPerson, '&notify=false');
    await webhook.posted(2);
    expect(webhook.personIds()).toEqual([directoryPerson.id, mailboxPerson.id]);
  });

  it('come in batches of the size asked for', async () => {
    const ids = Array.from({ length: 10 }, () => mailboxPerson.id);
    await notify(ids);
    await webhook.posted(1);
    await notify(ids, 4);
    await webhook.posted(4);
    expect(
      webhook
        .posts()
        .map((items) => items.length)
        .sort(),
    ).toEqual([10, 2, 4, 4]);
    expect(
      new Set(
        webhook
          .posts()
          .flat()
          .map(({ id }) => id === undefined),
      ),
    ).toEqual(new Set([true, false]));
  });

  it('come again until somebody takes them, for up to four hours of the simulator', async () => {
    webhook.reply = () => ({ status: 503 });
    await notify([mailboxPerson.id]);
    await webhook.posted(1);
    for (let tries = 2; tries < 12; tries++) {
      await simulator.control('POST', 'clock', { advanceSeconds: 16 * 60 });
      await webhook.posted(tries);
    }
    webhook.reply = undefined;
    await simulator.control('POST', 'clock', { advanceSeconds: 16 * 60 });
    await webhook.posted(12);
    await simulator.control('POST', 'clock', { advanceSeconds: 5 * 60 * 60 });
    expect((await attempts()).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(new Set(webhook.personIds())).toEqual(new Set([mailboxPerson.id]));
  });

  it('are given up after four hours', async () => {
    webhook.reply = () => ({ status: 503 });
    await notify([mailboxPerson.id]);
    await webhook.posted(1);
    await simulator.control('POST', 'clock', { advanceSeconds: 5 * 60 * 60 });
    await webhook.posted(2);
    await simulator.control('POST', 'clock', { advanceSeconds: 5 * 60 * 60 });
    expect(await attempts()).toHaveLength(2);
    expect((await simulator.control('GET', 'state')).json()).toMatchObject({ notificationsPending: 0 });
  });

  it.each([
    { fault: { drop: true }, expected: [] },
    { fault: { duplicate: true }, expected: ['a', 'a'] },
    { fault: { drop: true, times: 1 }, expected: [] },
  ])('suffer $fault', async ({ fault, expected }) => {
    await simulator.control('PUT', 'faults', [fault]);
    await notify([mailboxPerson.id]);
    await webhook.posted(expected.length);
    await simulator.control('PUT', 'faults', []);
    await notify([directoryPerson.id]);
    await webhook.posted(expected.length + 1);
    expect(webhook.personIds()).toEqual([...expected.map(() => mailboxPerson.id), directoryPerson.id]);
  });

  it('wait for as long as a fault delays them, by the clock that can be moved', async () => {
    await simulator.control('PUT', 'faults', [{ delayMs: 300_000, times: 1 }]);
    await notify([mailboxPerson.id]);
    await notify([directoryPerson.id]);
    await webhook.posted(1);
    await simulator.control('POST', 'clock', { advanceSeconds: 301 });
    await webhook.posted(2);
    expect(webhook.personIds()).toEqual([directoryPerson.id, mailboxPerson.id]);
  });

  it('of ten thousand go out at once', async () => {
    await notify(Array<string>(10_000).fill(mailboxPerson.id), 100);
    await webhook.posted(100);
    expect(webhook.personIds()).toHaveLength(10_000);
  });
});

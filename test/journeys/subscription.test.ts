import { createHash } from 'node:crypto';
import { eventually, startJourney, startMs, type AppLine, type Journey } from '../support/journey';

/**
 * The app makes its own subscription: with Graph's handshake, with a secret that it does not keep, and only where there
 * is none. The tests follow one another, from a first deployment on.
 */

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ startHost: false, settings: { REQUEST_TIMEOUT_SECONDS: '4' } });
}, startMs);
afterAll(() => journey.stop());

/** Starts the timer by hand and waits for the line that ends its run. */
async function keepSubscription(): Promise<AppLine> {
  const { log } = journey;
  const since = log.mark();
  await journey.runTimer('keep-subscription');
  return eventually('the timer has run', () =>
    ['created', 'kept', 'refused', 'waiting']
      .flatMap((end) => log.all(`subscription-${end}`, {}, since))
      .at(0),
  );
}

/** Another address of the app makes whatever was subscribed before somebody else's. */
async function restart(notificationUrl: string): Promise<void> {
  await journey.tenant.host?.stop();
  await journey.tenant.startHost({ settings: { NOTIFICATION_URL: notificationUrl } });
}

const addressOf = (host: string, path = '/api/notifications') =>
  journey.tenant.functionsUrl.replace('127.0.0.1', host) + path;

const rows = () => journey.storage.subscriptionRows();
const subscribedAt = async (url: string) =>
  (await journey.control.subscriptions()).filter(({ notificationUrl }) => notificationUrl === url);

/** A photo comes to SharePoint by a notification of this subscription. */
async function expectNotificationsTaken(): Promise<void> {
  const { id } = await journey.take();
  await journey.control.putPhoto(id, { drawing: 'a new face' });
  await journey.inSync(id);
}

describe('Graph refuses', () => {
  it('an address that does not answer the handshake, and the app says what to check', async () => {
    await restart(addressOf('127.0.0.1', '/api/nowhere'));
    expect(await keepSubscription()).toMatchObject({
      event: 'subscription-refused',
      level: 'error',
      service: 'Graph',
      status: 400,
      reason: expect.stringContaining('check that NOTIFICATION_URL is this app, public'),
    });
    expect(await rows()).toEqual([]);
    expect(await journey.control.subscriptions()).toEqual([]);
  });

  it.each([
    { what: 'to list subscriptions', match: '^GET /v1\\.0/subscriptions' },
    { what: 'to make one', match: '^POST /v1\\.0/subscriptions' },
  ])('$what, and the app says which right is missing', async ({ match }) => {
    const grant = await journey.control.addFault({ service: 'graph', match, status: 403 });
    const refused = await keepSubscription();
    await grant();
    expect(refused).toMatchObject({ event: 'subscription-refused', status: 403 });
    expect(refused.reason).toMatch(/role User\.Read\.All on Microsoft Graph/);
    expect(await rows()).toEqual([]);
  });
});

describe('Graph subscribes', () => {
  it('after its handshake, and the app keeps the secret as SHA-256 only', async () => {
    const url = addressOf('127.0.0.1');
    await restart(url);
    const created = await keepSubscription();
    const [subscription, ...others] = await subscribedAt(url);
    expect(others).toEqual([]);
    expect(subscription).toMatchObject({ resource: 'users', changeType: 'updated' });
    expect(created).toMatchObject({ event: 'subscription-created', subscriptionId: subscription!.id });

    const secret = subscription!.clientState!;
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    const [row, ...otherRows] = await rows();
    expect(otherRows).toEqual([]);
    expect(row).toMatchObject({
      subscriptionId: subscription!.id,
      secretSha256: createHash('sha256').update(secret).digest('hex'),
      validUntil: subscription!.expirationDateTime,
    });
    expect(JSON.stringify(row)).not.toContain(secret);
    for (const { message } of journey.log.everything) expect(message).not.toContain(secret);
    await expectNotificationsTaken();
  });

  it('once: a second run keeps what is there, with one question', async () => {
    const { control } = journey;
    const before = await control.subscriptions();
    const since = await control.lastRequest();
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-kept' });
    expect(await control.subscriptions()).toEqual(before);
    expect(await rows()).toHaveLength(1);
    const asked = await journey.requestsSince(since, 'graph');
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1.0/subscriptions']);
  });
});

describe("Graph's answer", () => {
  const making = { service: 'graph', match: '^POST /v1\\.0/subscriptions', after: true } as const;

  /** The subscription is there while the app still waits for the answer that tells its id. */
  async function subscribeUnanswered(url: string): Promise<string> {
    await restart(url);
    await journey.runTimer('keep-subscription');
    const [subscription] = await eventually('Graph has subscribed', async () => {
      const found = await subscribedAt(url);
      return found.length > 0 && found;
    });
    return subscription!.id;
  }

  const rowOf = async (id: string) => (await rows()).find(({ subscriptionId }) => subscriptionId === id);

  it('may be overtaken by the first notification, which binds the pending row', async () => {
    const { control, log } = journey;
    const since = log.mark();
    const release = await control.addFault({ ...making, delayMs: 3000 });
    const id = await subscribeUnanswered(addressOf('localhost'));
    expect(await rowOf(id)).toBeUndefined();
    await expectNotificationsTaken();
    await eventually('the row has its id', async () => (await rowOf(id)) !== undefined);
    expect(log.all('subscription-created', {}, since)).toEqual([]);

    await log.next('subscription-created', { subscriptionId: id }, since);
    await release();
    expect(await rows()).toHaveLength(2);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-kept' });
  });

  it('may never come: the app waits for a notification to tell the id, and then keeps the subscription', async () => {
    const { control, log } = journey;
    const since = log.mark();
    const release = await control.addFault({ ...making, kind: 'hang' });
    const id = await subscribeUnanswered(`${addressOf('127.0.0.1')}?`);
    const late = await log.next('subscription-refused', {}, since);
    expect(late.reason).toMatch(/did not answer in time/);
    await release();
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-waiting' });

    await expectNotificationsTaken();
    await eventually('the row has its id', async () => (await rowOf(id)) !== undefined);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-kept' });
    expect(await control.subscriptions()).toHaveLength(3);
  });
});

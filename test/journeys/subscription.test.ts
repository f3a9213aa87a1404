import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tenantId } from './abuse/subscriptions';
import { queueNames, tableNames } from '../../src/storage/names';
import { send } from '../simulator/running-simulator';
import { azdEnvironment, prepareAzureTools, type AzureTools } from '../support/azure-tools';
import { expectAlert } from '../support/expect-alert';
import { eventually, startJourney, startMs, type AppLine, type Journey } from '../support/journey';

/**
 * The app makes its own subscription: with Graph's handshake, with a secret that it does not keep, and only where there
 * is none. The tests follow one another, from a first deployment on.
 */

// A test here makes several steps, each of which may take long on a busy machine.
jest.setTimeout(90_000);

let journey: Journey;
let tools: AzureTools;
/** When the roles were granted, as the app's setting tells. */
let grantedAt = '';
beforeAll(async () => {
  journey = await startJourney({
    startHost: false,
    // Sweeps are asked for here, and are others' to judge: one at work would settle the photos that these tests change.
    settings: { REQUEST_TIMEOUT_SECONDS: '4', 'AzureWebJobs.sweep-page.Disabled': 'true' },
    simulatorEnv: { SIM_TOKEN_CACHE: 'on', SIM_GRANTED: 'off' },
  });
  tools = await prepareAzureTools(journey.tenant);
}, startMs);
afterEach(() => journey.control.clearFaults());
afterAll(async () => {
  await tools.end();
  await journey.stop();
});

/** Starts the timer by hand and waits for the line that ends its run. */
async function keepSubscription(): Promise<AppLine> {
  const { log } = journey;
  const since = log.mark();
  await journey.runTimer('keep-subscription');
  return eventually('the timer has run', () =>
    ['created', 'kept', 'renewed', 'replaced', 'refused', 'waiting']
      .flatMap((end) => log.all(`subscription-${end}`, {}, since))
      .at(0),
  );
}

/** Another address of the app makes whatever was subscribed before somebody else's. */
async function restart(notificationUrl: string, settings: Record<string, string> = {}): Promise<void> {
  await journey.tenant.host?.stop();
  await journey.tenant.startHost({ settings: { NOTIFICATION_URL: notificationUrl, ...settings } });
}

const addressOf = (host: string, path = '/api/notifications') =>
  journey.tenant.functionsUrl.replace('127.0.0.1', host) + path;

const rows = () => journey.storage.subscriptionRows();
const subscribedAt = async (url: string) =>
  (await journey.control.subscriptions()).filter(({ notificationUrl }) => notificationUrl === url);

/** Graph forgets them without a word. */
async function forgetSubscriptions(): Promise<void> {
  const { control } = journey;
  for (const { id } of await control.subscriptions()) await control.removeSubscription(id);
}

/** A photo comes to SharePoint by a notification of this subscription. */
async function expectNotificationsTaken(): Promise<void> {
  const { id } = await journey.take();
  await journey.control.putPhoto(id, { drawing: 'a new face' });
  await journey.inSync(id);
}

const dayInSeconds = 24 * 60 * 60;

describe('Graph refuses', () => {
  it('whoever has no rights, from before the grant to the token with the roles in it', async () => {
    const { control } = journey;
    const nowhere = addressOf('127.0.0.1', '/api/nowhere');
    await restart(nowhere, { RIGHTS_GRANTED: 'false' });
    expect(await keepSubscription()).toMatchObject({
      event: 'subscription-waiting',
      reason: expect.stringMatching(/User\.Read\.All on Microsoft Graph.*Sites\.Selected on "Office 365/),
    });
    expect(await control.requests()).toEqual([]);

    // Somebody says so too early: from now on Azure keeps a token without roles.
    await restart(nowhere, { RIGHTS_GRANTED: 'true' });
    const refused = await keepSubscription();
    expect(refused).toMatchObject({ event: 'subscription-refused', level: 'error', status: 403 });
    expectAlert('role-lost', 'subscription-refused', refused);
    expect(refused.reason).toMatch(/role User\.Read\.All on Microsoft Graph is missing.*grant it/);

    await tools.signIn(await control.adminToken({ role: 'Privileged Role Administrator' }));
    const hook = await tools.grant(['--hook'], azdEnvironment);
    expect(hook.code).toBe(0);
    expect(hook.stdout).toContain(
      'm365 spo site apppermission add --siteUrl https://contoso-my.sharepoint.com',
    );
    const [setting = ''] = await tools.takeCalls('az functionapp config appsettings set');
    [, grantedAt = ''] = /RIGHTS_GRANTED=(\S+)/.exec(setting) ?? [];
    await restart(nowhere, { RIGHTS_GRANTED: grantedAt });
    const still = await keepSubscription();
    expect(still.reason).toContain(
      `It is granted since ${grantedAt}, but Azure still hands out the old token`,
    );
    const [, issuedAt, expiresAt] =
      /issued at (\S+)\. .* expect a new one by (\S+)\.$/.exec(String(still.reason)) ?? [];
    expect(Date.now() - Date.parse(issuedAt!)).toBeLessThan(3_600_000);
    expect(Date.parse(expiresAt!) - Date.parse(issuedAt!)).toBeGreaterThan(dayInSeconds * 1000);
    // The next day Azure hands out another.
    await control.advanceClock(dayInSeconds);
  });

  it('SharePoint, whoever has no permission on the My Site host, until somebody grants that', async () => {
    const { control, log, storage } = journey;
    await restart(addressOf('127.0.0.1', '/api/nowhere'), { RIGHTS_GRANTED: grantedAt });
    const { id: personId } = await journey.take();
    await control.putPhoto(personId, { drawing: 'of whom no host knows', notify: false });
    await storage.send({ personId });
    const { reason } = await log.next('photo-retry', { personId, service: 'SharePoint', status: 403 });
    expect(reason).toMatch(
      /has the application role Sites\.Selected.*missing is write permission on the My Site host/,
    );
    expect((await storage.look(personId))?.failure).toBe(reason);

    const SITES_TOKEN = await control.adminToken({ role: 'SharePoint Administrator', tool: 'sites-client' });
    expect(await tools.grant(['--hook'], { ...azdEnvironment, SITES_TOKEN })).toMatchObject({
      code: 0,
      stdout: '',
    });
    await journey.inSync(personId);
  });

  it('an address that does not answer the handshake, and the app says what to check', async () => {
    await restart(addressOf('127.0.0.1', '/api/nowhere'));
    expect(await keepSubscription()).toMatchObject({
      event: 'subscription-refused',
      level: 'error',
      service: 'Graph',
      status: 400,
      reason: expect.stringContaining('check that NOTIFICATION_URL is this app, public'),
    });
    expect(journey.log.all('subscription-endpoint-unready').at(-1)?.reason).toMatch(/404.*not this app’s/);
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
    expectAlert('subscription-ending', 'subscription-created', created);

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
    expectAlert('subscription-ending', 'subscription-kept', await keepSubscription());
    expect(await control.subscriptions()).toEqual(before);
    expect(await rows()).toHaveLength(1);
    const asked = await journey.requestsSince(since, 'graph');
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1.0/subscriptions']);
  });
});

describe("Graph's answer", () => {
  const making = { service: 'graph', match: '^POST /v1\\.0/subscriptions', after: true } as const;

  /** The subscription is there while the app still waits for the answer that tells its id. */
  async function subscribeUnanswered(): Promise<string> {
    await forgetSubscriptions();
    await journey.runTimer('keep-subscription');
    const { id } = await eventually('Graph has subscribed', async () =>
      (await journey.control.subscriptions()).at(0),
    );
    return id;
  }

  const rowOf = async (id: string) => (await rows()).find(({ subscriptionId }) => subscriptionId === id);

  it('may be overtaken by the first notification, which binds the pending row', async () => {
    const { control, log } = journey;
    const person = await journey.take();
    const since = log.mark();
    const release = await control.addFault({ ...making, delayMs: 20_000 });
    const id = await subscribeUnanswered();
    expect(await rowOf(id)).toBeUndefined();
    await control.putPhoto(person.id, { drawing: 'a new face' });
    await eventually('the row has its id', async () => (await rowOf(id)) !== undefined);
    expect(log.all('subscription-created', {}, since)).toEqual([]);

    await release();
    await log.next('subscription-created', { subscriptionId: id }, since);
    await journey.inSync(person.id);
    expect(await rows()).toHaveLength(2);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-kept' });
  });

  it('may never come: the app waits for a notification to tell the id, and then keeps the subscription', async () => {
    const { control, log } = journey;
    const since = log.mark();
    const release = await control.addFault({ ...making, kind: 'hang' });
    const id = await subscribeUnanswered();
    const late = await log.next('subscription-refused', {}, since);
    expect(late.reason).toMatch(/did not answer in time/);
    await release();
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-waiting' });

    await expectNotificationsTaken();
    await eventually('the row has its id', async () => (await rowOf(id)) !== undefined);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-kept' });
    expect(await control.subscriptions()).toHaveLength(1);
  });
});

describe('The subscription', () => {
  const url = () => addressOf('127.0.0.1');
  const ours = () => subscribedAt(url());
  /** Sweeps asked for since then, whether one could begin or was noted for later. */
  const sweeps = (since: number) =>
    ['sweep-started', 'sweep-wanted'].flatMap((event) => journey.log.all(event, {}, since));
  const rowNow = async (id: string) => (await rows()).find(({ subscriptionId }) => subscriptionId === id);

  /** There is exactly one, and its row says the same of its end: a renewal writes that a moment after Graph has it. */
  async function expectOne(): Promise<string> {
    const [subscription] = await eventually('there is one, with its row', async () => {
      const found = await ours();
      const row = found.length === 1 ? await rowNow(found[0]!.id) : undefined;
      return row?.validUntil === found[0]?.expirationDateTime && row && found;
    });
    const { id } = subscription!;
    return id;
  }

  async function tell(event: string, changes: Record<string, unknown> = {}): Promise<number> {
    const [subscription] = await ours();
    const told = {
      subscriptionId: subscription!.id,
      clientState: subscription!.clientState,
      tenantId,
      lifecycleEvent: event,
      ...changes,
    };
    const response = await fetch(url().replace('notifications', 'lifecycle'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value: [told] }),
    });
    return response.status;
  }

  beforeAll(forgetSubscriptions);

  it('matrix 31: is made anew when it went without a word, and a sweep makes up for the gap', async () => {
    const since = journey.log.mark();
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-created' });
    await eventually('a sweep', () => sweeps(since).length === 1);
    const id = await expectOne();

    const again = journey.log.mark();
    await journey.control.removeSubscription(id);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-created' });
    await eventually('a sweep', () => sweeps(again).length === 1);
    expect(await expectOne()).not.toBe(id);
    await expectNotificationsTaken();
  });

  it('is renewed when it is older than a day, by Graph’s own clock', async () => {
    const id = await expectOne();
    const since = journey.log.mark();
    await journey.control.advanceClock(2 * dayInSeconds);
    const renewed = await keepSubscription();
    expect(renewed).toMatchObject({ event: 'subscription-renewed', subscriptionId: id });
    expectAlert('subscription-ending', 'subscription-renewed', renewed);
    expect(await expectOne()).toBe(id);
    const row = await rowNow(id);
    expect(Date.parse(String(renewed.expiresAt)) - Date.parse(String(row!.renewedAt))).toBe(40_320 * 60_000);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-kept' });
    expect(sweeps(since)).toEqual([]);
  });

  it('matrix 31: is kept when its renewal fails, and made anew when Graph does not know it then', async () => {
    const { control } = journey;
    const id = await expectOne();
    await control.advanceClock(2 * dayInSeconds);
    const patch = { service: 'graph', match: '^PATCH /v1\\.0/subscriptions' } as const;
    const recover = await control.addFault({ ...patch, status: 503 });
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-refused', status: 503 });
    await recover();
    expect(await ours()).toHaveLength(1);

    const since = journey.log.mark();
    const remember = await control.addFault({ ...patch, status: 404 });
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-created' });
    await eventually('a sweep', () => sweeps(since).length === 1);
    await journey.log.next('subscription-removed', { subscriptionId: id }, since);
    await remember();
    expect(await expectOne()).not.toBe(id);
  });

  it('matrix 31: is made anew when it ended while nobody looked', async () => {
    const id = await expectOne();
    const since = journey.log.mark();
    await journey.control.advanceClock(29 * dayInSeconds);
    expect(await ours()).toEqual([]);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-created' });
    await eventually('a sweep', () => sweeps(since).length === 1);
    expect(await expectOne()).not.toBe(id);
  });

  it('is replaced when its secret is not on record, the old one deleted', async () => {
    const id = await expectOne();
    const since = journey.log.mark();
    const { partitionKey, rowKey } = (await rowNow(id)) as Record<string, string>;
    await journey.storage.table(tableNames.subscriptions).deleteEntity(partitionKey!, rowKey!);
    expectAlert('subscription-ending', 'subscription-replaced', await keepSubscription());
    await journey.log.next('subscription-removed', { subscriptionId: id }, since);
    await eventually('a sweep', () => sweeps(since).length === 1);
    expect(await expectOne()).not.toBe(id);
  });

  it('is replaced when its lifecycle events go elsewhere; what Graph sends again of the old one is still taken', async () => {
    const [old] = await ours();
    const since = journey.log.mark();
    await restart(url(), { LIFECYCLE_URL: addressOf('localhost', '/api/lifecycle') });
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-replaced' });
    await journey.log.next('subscription-removed', { subscriptionId: old!.id }, since);
    expect(sweeps(since)).toEqual([]);
    const id = await expectOne();
    expect((await ours())[0]).toMatchObject({
      lifecycleNotificationUrl: addressOf('localhost', '/api/lifecycle'),
    });

    expect(await tell('missed', { subscriptionId: old!.id, clientState: old!.clientState })).toBe(202);
    await journey.log.next('subscription-event', {}, since);
    expect(await expectOne()).toBe(id);
  });

  it('matrix 33: is one after two timers at once', async () => {
    const { control, log } = journey;
    await control.removeSubscription(await expectOne());
    const mark = log.mark();
    // Both have to be told that there is none before either makes one.
    const listing = { service: 'graph', match: '^GET /v1\\.0/subscriptions' } as const;
    const quick = await control.addFault({ ...listing, after: true, delayMs: 20_000 });
    await Promise.all([journey.runTimer('keep-subscription'), journey.runTimer('keep-subscription')]);
    await eventually('both have asked what there is', async () => (await control.faults())[0]?.hits === 2);
    await quick();
    await eventually('both are done', () => log.all('subscription-created', {}, mark).length === 2);
    const removed = await log.next('subscription-removed', {}, mark);
    expect(await expectOne()).not.toBe(removed.subscriptionId);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-kept' });
    await expectNotificationsTaken();
  });

  describe('matrix 32: when Graph tells', () => {
    it('reauthorizationRequired, is renewed, also when Graph says so by itself before the end', async () => {
      const id = await expectOne();
      const since = journey.log.mark();
      await journey.control.lifecycle('reauthorizationRequired');
      await journey.log.next('subscription-renewed', { function: 'handle-lifecycle' }, since);
      const again = journey.log.mark();
      await journey.control.advanceClock(27.5 * dayInSeconds);
      await journey.log.next('subscription-renewed', { function: 'handle-lifecycle' }, again);
      expect(await expectOne()).toBe(id);
      expect(sweeps(since)).toEqual([]);
    });

    it('missed, stays, and a sweep makes up for it', async () => {
      const id = await expectOne();
      const since = journey.log.mark();
      await journey.control.lifecycle('missed');
      await eventually('a sweep', () => sweeps(since).length === 1);
      expect(await expectOne()).toBe(id);
    });

    it('what nobody knows, or somebody else tells in its name, is left as it is', async () => {
      const { control, log, storage } = journey;
      const [since, mark] = [await control.lastRequest(), log.mark()];
      expect(await tell('exploded')).toBe(202);
      expect(await tell('missed', { clientState: 'guess' })).toBe(202);
      expect(
        await tell('subscriptionRemoved', { subscriptionId: '0f9e8d7c-6b5a-4c3d-8e2f-1a0b9c8d7e6f' }),
      ).toBe(202);
      expect(log.all('lifecycle-events-refused', {}, mark).map(({ reason }) => reason)).toEqual([
        'unknown event',
        'wrong clientState',
        'unknown subscription',
      ]);
      expect(await storage.waiting(queueNames.subscriptionEvent)).toBe(0);
      const asked = await journey.requestsSince(since, 'graph');
      expect(asked.filter(({ path }) => path.includes('/subscriptions'))).toEqual([]);
      expect(log.all('subscription-event', {}, mark)).toEqual([]);
    });

    it('anything while Graph is not well, is renewed later, and no try is lost', async () => {
      const { control, log, storage } = journey;
      const mark = log.mark();
      const recover = await control.addFault({ service: 'graph', match: '/subscriptions', status: 503 });
      await control.lifecycle('reauthorizationRequired');
      await log.next('subscription-event-retry', { status: 503 }, mark);
      await recover();
      await log.next('subscription-renewed', { function: 'handle-lifecycle' }, mark);
      expect(await storage.poisoned()).toBe(0);
    });

    it('subscriptionRemoved, is made anew, with a sweep', async () => {
      const id = await expectOne();
      const since = journey.log.mark();
      await journey.control.lifecycle('subscriptionRemoved');
      await journey.log.next('subscription-created', { function: 'handle-lifecycle' }, since);
      await eventually('a sweep', () => sweeps(since).length === 1);
      expect(await expectOne()).not.toBe(id);
    });
  });

  it('can’t be made where the app has a hundred already, and the app says so', async () => {
    const { control, tenant } = journey;
    await control.removeSubscription(await expectOne());
    const resource = encodeURIComponent(tenant.graphUrl);
    const identity = await fetch(
      `${tenant.identityUrl}/msi/token?resource=${resource}&api-version=2019-08-01`,
      {
        headers: { 'x-identity-header': 'local-identity-header' },
      },
    );
    const { access_token: token } = (await identity.json()) as { access_token: string };
    const ca = await readFile(tenant.caFile, 'utf8');
    const { now } = await control.state();
    const body = JSON.stringify({
      changeType: 'updated',
      resource: 'users',
      notificationUrl: addressOf('127.0.0.1', '/api/notifications?other'),
      expirationDateTime: new Date(Date.parse(now) + 3_600_000).toISOString(),
    });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    for (let count = (await control.subscriptions()).length; count < 100; count += 10) {
      await Promise.all(
        Array.from({ length: Math.min(10, 100 - count) }, () =>
          send(`${tenant.graphUrl}/v1.0/subscriptions`, { method: 'POST', headers, body }, ca),
        ),
      );
    }
    expect(await control.subscriptions()).toHaveLength(100);
    const mark = journey.log.mark();
    const refused = await keepSubscription();
    expect(refused).toMatchObject({ event: 'subscription-refused', status: 403 });
    expect(refused.reason).toMatch(/as many subscriptions as Graph allows/);
    expect(journey.log.all('subscription-stranger', {}, mark)).toHaveLength(100);
    // Theirs are left alone, and there is room once they have ended.
    await control.advanceClock(3_600);
    expect(await keepSubscription()).toMatchObject({ event: 'subscription-created' });
    await expectOne();
  });
});

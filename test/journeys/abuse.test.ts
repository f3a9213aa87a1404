import { randomUUID } from 'node:crypto';
import { poisonQueueOf, queueNames } from '../../src/storage/names';
import { alex } from '../support/ids';
import { eventually, startJourney, startMs, type Journey, type SimPerson } from '../support/journey';
import { openRaw, sendRaw } from '../support/raw-request';
import { pngEnd, pngHeader, samplePicture } from '../support/sample-pictures';
import { openEndpoint, type Answer, type Effects, type Endpoint } from './abuse/endpoint';
import { itemRows } from './abuse/item-rows';
import { lifecycleRows } from './abuse/lifecycle-rows';
import { requestRows } from './abuse/request-rows';
import { canary, item, recordSubscriptions, subscriptions } from './abuse/subscriptions';

/*
 * What somebody may try on the notification endpoint, the queue and the photos, row by row. Row 31, a thousand idle or
 * dribbling connections, is the platform's: Azure's front end and the Functions host keep those off the app.
 */

jest.setTimeout(startMs);

const off = {
  'AzureWebJobs.apply-photo.Disabled': 'true',
  'AzureWebJobs.apply-backlog.Disabled': 'true',
  'AzureWebJobs.handle-lifecycle.Disabled': 'true',
};
const on = { 'AzureWebJobs.apply-photo.Disabled': 'false', 'AzureWebJobs.apply-backlog.Disabled': 'false' };

const errorLines: string[] = [];
let journey: Journey;
let endpoint: Endpoint;
beforeAll(async () => {
  journey = await startJourney({
    subscribe: false,
    people: 40,
    limits: 'off',
    settings: { ...off, COALESCE_SECONDS: '600', RETRY_SECONDS: '1' },
    hostEnv: { LOCAL_HOST_RETRY_VISIBILITY_SECONDS: '0' },
    onErrorLine: (line) => errorLines.push(line),
  });
  await recordSubscriptions(journey);
  endpoint = openEndpoint(journey);
});
afterAll(() => journey.stop());

const postJson = (items: unknown[]): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ value: items }),
});

/** One short line of JSON that says what is wrong, or nothing: no stack, no name of a file, no HTML. */
function isClear(text: string): void {
  if (text === '') return;
  expect(JSON.parse(text)).toEqual({ error: expect.stringMatching(/^[^\n<]{10,120}\.$/) });
  expect(text).not.toMatch(/\n|node_modules|\.js/);
}

const nothing = { events: [], fetched: [], hasWritten: false };

describe('A request', () => {
  it.each(requestRows)('$row: when $when, it is answered with $status', async (row) => {
    const { query = '', init, status, events = 0 } = row;
    const { result, ...effects } = await endpoint.effectsOf(() => endpoint.call(query, init));
    expect(result.status).toBe(status);
    isClear(result.text);
    if (status === 405) expect(result.headers.get('allow')).toBe('POST');
    expect(effects).toEqual({ ...nothing, events: expect.any(Array) });
    expect(effects.events).toHaveLength(events);
  });

  const good = JSON.stringify({ value: [item()] });
  const rawPost = (headers: string[], body = '', path = '/api/notifications') =>
    [`POST ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', body].join('\r\n');
  const type = 'Content-Type: application/json';
  const length = (bytes: number) => `Content-Length: ${String(bytes)}`;

  it.each([
    {
      row: 1,
      when: 'it is HEAD with a body',
      send: rawPost([type, length(good.length)], good).replace('POST', 'HEAD'),
      status: 405,
    },
    {
      row: 1,
      when: 'it is TRACE, which nobody registers',
      send: rawPost([]).replace('POST', 'TRACE'),
      status: 404,
    },
    {
      row: 9,
      when: 'it announces more than 100 MB',
      send: rawPost([type, length(104_857_601)]),
      status: 413,
    },
    { row: 9, when: 'it announces 100 MB and less comes', send: rawPost([type, length(-1)]), status: 400 },
    {
      row: 9,
      when: 'it has two lengths',
      send: rawPost([type, length(good.length), length(2)], good),
      status: 400,
    },
    {
      row: 9,
      when: 'it has a length and comes in chunks',
      send: rawPost([type, length(good.length), 'Transfer-Encoding: chunked'], `2\r\n{}\r\n0\r\n\r\n`),
      status: 400,
    },
    // The host hands over a body only where a length is announced, so what comes in chunks is empty.
    {
      row: 9,
      when: 'it comes in chunks without a length',
      send: rawPost(
        [type, 'Transfer-Encoding: chunked'],
        `${good.length.toString(16)}\r\n${good}\r\n0\r\n\r\n`,
      ),
      status: 400,
    },
    {
      row: 30,
      when: 'the host is a foreign one',
      send: rawPost([type, length(good.length)], good).replace('localhost', 'evil.example'),
      status: 202,
      events: 1,
    },
    {
      row: 30,
      when: 'the host is none at all',
      send: rawPost([type, length(good.length)], good).replace('Host: localhost', 'Host: a b'),
      status: 400,
    },
  ])('$row: when $when, it is answered with $status', async ({ send, status, events = 0 }) => {
    const { result, ...effects } = await endpoint.effectsOf(() => sendRaw(journey.tenant.functionsUrl, send));
    expect(result.status).toBe(status);
    expect(result.text).not.toMatch(/X-Evil|node_modules|\.js/i);
    expect(effects).toMatchObject({ fetched: [], hasWritten: false });
    expect(effects.events).toHaveLength(events);
  });

  it('9: when its body comes slowly, others are answered meanwhile, and an end without the rest is no event', async () => {
    const { result, events } = await endpoint.effectsOf(async () => {
      const slow = await openRaw(
        journey.tenant.functionsUrl,
        rawPost([type, length(good.length)], good.slice(0, 50)),
      );
      const { status } = await endpoint.call('', postJson([item()]));
      slow.destroy();
      return status;
    });
    expect(result).toBe(202);
    expect(events).toHaveLength(1);
  });
});

describe('A handshake', () => {
  it.each([
    {
      row: 2,
      when: 'the token is HTML',
      token: '<script>alert(1)</script><img src=x onerror=alert(2)>',
      body: undefined,
    },
    {
      row: 2,
      when: 'the token is as Graph writes it',
      token: 'Validation: Testing client application reachability for subscription Request-Id: 1+1%',
      body: undefined,
    },
    {
      row: 4,
      when: 'a notification comes with it',
      token: 'a token',
      body: JSON.stringify({ value: [item()] }),
    },
  ])(
    '$row: when $when, is answered with the token as plain text and nothing else',
    async ({ token, body }) => {
      const init = { method: 'POST', headers: { 'content-type': 'application/json' }, ...(body && { body }) };
      const query = `?validationToken=${encodeURIComponent(token)}`;
      const { result, ...effects } = await endpoint.effectsOf(() => endpoint.call(query, init));
      expect(result).toMatchObject({ status: 200, text: token });
      expect(result.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(result.headers.get('x-content-type-options')).toBe('nosniff');
      expect(effects).toEqual(nothing);
    },
  );
});

describe('A notification is answered with 202', () => {
  it.each(itemRows)('$row: when $when', async ({ items, people = [] }) => {
    const { result, ...effects } = await endpoint.effectsOf(() => endpoint.call('', postJson(items)));
    expect(result).toMatchObject({ status: 202, text: '' });
    expect(effects).toEqual({
      ...nothing,
      // Nothing of the notification but the person's id goes on.
      events: people.map((personId) => ({
        personId,
        cause: 'notification',
        force: false,
        attempt: 0,
        correlationId: expect.stringMatching(/^[\w-]{36}$/),
      })),
    });
  });
});

describe('A lifecycle notification is answered with 202', () => {
  it.each(lifecycleRows)('$row: when $when', async ({ items, events }) => {
    const { result, ...effects } = await endpoint.effectsOf(() =>
      endpoint.callLifecycle('', postJson(items)),
    );
    expect(result).toMatchObject({ status: 202, text: '' });
    expect(effects).toEqual({
      ...nothing,
      events: events ? [{ events, attempt: 0, correlationId: expect.stringMatching(/^[\w-]{36}$/) }] : [],
    });
  });
});

// Both routes answer by the same code, so what these lead to is asked once, for all of them.
describe('A request to the lifecycle route', () => {
  let answers: Map<(typeof requestRows)[number], Answer>;
  let effects: Effects;

  beforeAll(async () => {
    // One after the other: beside others, a body that is too large may be cut off before its answer is read.
    const callAll = async () => {
      const called: [(typeof requestRows)[number], Answer][] = [];
      for (const row of requestRows)
        called.push([row, await endpoint.callLifecycle(row.query ?? '', row.init)]);
      return called;
    };
    const { result, ...others } = await endpoint.effectsOf(callAll);
    answers = new Map(result);
    effects = others;
  });

  it('is no event, whatever it is: a notification about a person is dropped', () => {
    expect(effects).toEqual(nothing);
  });

  it.each(requestRows)('$row: when $when, it is answered with $status', (row) => {
    const { status, text } = answers.get(row)!;
    expect(status).toBe(row.status);
    isClear(text);
  });

  it('2: a handshake is answered with the token as plain text and nothing else', async () => {
    const token = 'Validation: <script>alert(1)</script> 1+1%';
    const query = `?validationToken=${encodeURIComponent(token)}`;
    const { result, ...effects } = await endpoint.effectsOf(() =>
      endpoint.callLifecycle(query, { method: 'POST', headers: { 'content-type': 'text/plain' } }),
    );
    expect(result).toMatchObject({ status: 200, text: token });
    expect(result.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(effects).toEqual(nothing);
  });
});

describe('Once events are taken from the queue', () => {
  const unknown = Array.from({ length: 20 }, () => randomUUID());
  const decidedOf = (personId: string) =>
    journey.log.all('photo-decided', { personId }).map(({ code }) => code);
  const requestsFor = async (text: string) =>
    (await journey.control.requests()).filter(({ path }) => path.includes(text));

  it('20: a true notification that is sent again and again is one look (100 times for a thousand)', async () => {
    const { id } = await journey.take();
    await journey.control.putPhoto(id, { drawing: 'replayed', notify: false });
    const replay = postJson([item({ personId: id })]);
    for (let sent = 0; sent < 100; sent += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, () => endpoint.call('', replay)));
      expect(answers.map(({ status }) => status)).toEqual(new Array(20).fill(202));
    }
    expect(await journey.storage.waiting(queueNames.photoChanged)).toBe(100);

    await journey.tenant.host!.stop();
    await journey.tenant.startHost({ settings: on });
    await eventually('all are decided', () => decidedOf(id).length === 100);
    expect(decidedOf(id).filter((code) => code !== 'folded' && code !== 'looked')).toEqual(['changed']);
    await journey.inSync(id);
    // One before the picture is written and one after.
    expect(await requestsFor(`/users/${id}/photo`)).toHaveLength(2);
  });

  it('28: ids that nobody has cost a look each, once, and SharePoint nothing (twenty for ten thousand)', async () => {
    const since = await journey.control.lastRequest();
    const post = () => endpoint.call('', postJson(unknown.map((personId) => item({ personId }))));
    const all = (...codes: string[]) =>
      eventually(
        `all are ${codes.join()}`,
        () => unknown.every((id) => String(decidedOf(id)) === String(codes)),
        30_000,
      );
    expect((await post()).status).toBe(202);
    await all('no-account');
    expect((await post()).status).toBe(202);
    await all('no-account', 'folded');
    const requests = await journey.control.requests(since);
    expect(requests.filter(({ service }) => service === 'graph')).toHaveLength(2 * unknown.length);
    expect(requests.filter(({ service }) => /root|mysite|admin/.test(service))).toEqual([]);
  });

  const event = { personId: alex, cause: 'notification', force: false, attempt: 0, correlationId: canary };
  it.each([
    { when: 'it is no JSON', body: canary },
    { when: 'its payload lies at the top', body: JSON.stringify({ version: 1, ...event }) },
    {
      when: 'it shadows the dequeue count',
      body: JSON.stringify({ version: 1, photoChanged: event, dequeueCount: 1 }),
    },
    { when: 'it shadows the id', body: JSON.stringify({ version: 1, photoChanged: event, Id: canary }) },
    {
      when: 'it brings an address',
      body: JSON.stringify({ version: 1, photoChanged: { ...event, url: 'https://evil.example/' } }),
    },
  ])('32: a forged queue message ends as poison, told once, without a look, when $when', async ({ body }) => {
    const { control, log, storage } = journey;
    const [since, mark] = [await control.lastRequest(), log.mark()];
    const queue = storage.queues.getQueueClient(queueNames.photoChanged);
    await queue.sendMessage(Buffer.from(body).toString('base64'));
    const line = await log.next('photo-poisoned', { queue: poisonQueueOf(queueNames.photoChanged) }, mark);
    expect(line).toMatchObject({
      level: 'error',
      reason: expect.stringContaining('not a photo-changed event'),
    });
    expect(await control.requests(since)).toEqual([]);
    expect(await storage.person(alex)).toBeUndefined();
  });
});

describe('A photo in Microsoft 365', () => {
  const html = Buffer.from('<!doctype html><script>alert(1)</script>');
  const gif = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');
  const jpeg = () => samplePicture(360).jpeg().toBuffer();

  /** Gives somebody this photo and tells the app; returns what it decided. */
  async function noticed(
    { id }: SimPerson,
    raw: Buffer,
    claimed: { contentType?: string; width?: number; height?: number } = {},
  ) {
    const mark = journey.log.mark();
    await journey.control.putPhoto(id, { raw, notify: false, ...claimed });
    expect((await endpoint.call('', postJson([item({ personId: id })]))).status).toBe(202);
    return journey.log.next('photo-decided', { personId: id }, mark);
  }

  it.each([
    { when: 'it is HTML', make: async () => html, says: 'neither JPEG nor PNG' },
    {
      when: 'it is SVG',
      make: async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
      says: 'neither JPEG nor PNG',
    },
    { when: 'it is a GIF', make: async () => gif, says: 'neither JPEG nor PNG' },
    {
      when: 'it is empty but for a line end',
      make: async () => Buffer.from('\n'),
      says: 'neither JPEG nor PNG',
    },
    {
      when: 'it is a JPEG that is cut off',
      make: async () => (await jpeg()).subarray(0, 2000),
      says: 'cut off or broken',
    },
    {
      when: 'it is a PNG that is cut off',
      make: async () => (await samplePicture(360).png().toBuffer()).subarray(0, 2000),
      says: 'cut off or broken',
    },
    {
      when: 'it is a PNG of 16,000 pixels a side',
      make: async () => Buffer.concat([pngHeader(16_000, 16_000), pngEnd]),
      says: '16000 x 16000',
    },
    {
      when: 'it is HTML that ends in a JPEG',
      make: async () => Buffer.concat([html, await jpeg()]),
      says: 'neither JPEG nor PNG',
    },
    {
      when: 'it has 9 MB',
      make: async () => Buffer.concat([await jpeg(), Buffer.alloc(9_000_000)]),
      says: 'larger than 8 MB',
    },
    {
      when: 'it is kept in the directory and has 9 MB',
      make: async () => Buffer.concat([await jpeg(), Buffer.alloc(9_000_000)]),
      claimed: { width: 300, height: 200 },
      says: 'larger than 8 MB',
    },
  ])('33: is not copied when $when, whatever Graph calls it', async ({ make, claimed, says }) => {
    const person = await journey.take();
    const line = await noticed(person, await make(), { contentType: 'image/jpeg', ...claimed });
    expect(line).toMatchObject({ plan: 'skip', code: 'unusable', reason: expect.stringContaining(says) });
    await journey.audit.untouched(person.id);
  });

  it('33: is copied byte for byte when it is a JPEG by its first bytes, whatever else it may be', async () => {
    const person = await journey.take();
    const polyglot = Buffer.concat([await jpeg(), Buffer.from('PK\u0003\u0004'), html]);
    expect(await noticed(person, polyglot, { contentType: 'text/html' })).toMatchObject({ plan: 'apply' });
    await journey.inSync(person.id);
  });

  describe('while Graph fails in an odd way', () => {
    const faults = [
      { when: 'sends 50 MB of it', match: '/photos/48x48/', fault: { bodyBytes: 50_000_000 } },
      { when: 'announces 50 MB about it', match: '/photo$', fault: { bodyBytes: 50_000_000 } },
      {
        when: 'answers with a page',
        match: '/photo$',
        fault: { status: 200, body: `<html>${canary}</html>` },
      },
      {
        when: 'sends us elsewhere for what is known of it',
        match: '/photo$',
        fault: { kind: 'redirect' as const },
      },
      {
        when: 'sends us elsewhere for its bytes',
        match: '/photos/48x48/',
        fault: { kind: 'redirect' as const },
      },
    ];
    const affected = new Map<string, { id: string; end: () => Promise<unknown> }>();
    const outcomesOf = (personId: string) =>
      ['photo-decided', 'photo-retry'].flatMap((name) => journey.log.all(name, { personId }));

    beforeAll(async () => {
      const { control, tenant } = journey;
      for (const { when, match, fault } of faults) {
        const { id } = await journey.take();
        const to = `${tenant.rootUrl}/elsewhere`;
        const end = await control.addFault({ service: 'graph', match: id + match, to, ...fault });
        await control.putPhoto(id, { drawing: when, notify: false });
        affected.set(when, { id, end });
      }
      const items = [...affected.values()].map(({ id }) => item({ personId: id }));
      expect((await endpoint.call('', postJson(items))).status).toBe(202);
    });

    it.each(faults)('33: is not copied when it $when, and is copied afterwards', async ({ when }) => {
      const { audit, control, storage } = journey;
      const { id, end } = affected.get(when)!;
      const [outcome] = await eventually(
        'it is decided or put back',
        () => outcomesOf(id).length > 0 && outcomesOf(id),
      );
      expect(outcome?.reason).toMatch(/larger than 8 MB|more than \d+ bytes|can't read|redirect/);
      expect((await control.requests()).filter(({ path }) => path.includes('elsewhere'))).toEqual([]);
      await audit.untouched(id);
      await end();
      if (outcome?.code === 'unusable') {
        // Judged for good, until there is another photo.
        await control.putPhoto(id, { drawing: 'another', notify: false });
        await storage.send({ personId: id, cause: 'admin' });
      }
      await journey.inSync(id);
    });
  });
});

describe('A name', () => {
  it.each([
    "o'neil#1@contoso.onmicrosoft.com",
    "a%27b%2fc''d@contoso.onmicrosoft.com",
    'a|b&c;d<e>f"g@contoso.onmicrosoft.com',
    'ü写真🙂\u202eשם@contoso.onmicrosoft.com',
    'a/../b\\c?d=e+f g@contoso.onmicrosoft.com',
  ])('34: reaches SharePoint as it is and no further: %s', async (userPrincipalName) => {
    const person = await journey.take();
    await journey.control.patchUser(
      person.id,
      { userPrincipalName, displayName: userPrincipalName },
      { notify: false },
    );
    await journey.control.putPhoto(person.id, { drawing: 'named', notify: false });
    expect((await endpoint.call('', postJson([item({ personId: person.id })]))).status).toBe(202);
    await journey.inSync(person.id);
  });
});

describe('In the end', () => {
  it('no file that the app did not write was touched', () => journey.audit.filesOfOthers());

  it('the log holds no secret, no token, no body and nobody’s name', async () => {
    const everything = [...journey.log.everything.map((line) => JSON.stringify(line)), ...errorLines];
    expect(everything.length).toBeGreaterThan(200);
    const people = await journey.control.users();
    const secrets = [
      canary,
      'evil',
      ...Object.values(subscriptions).map(({ clientState }) => clientState),
      ...people.flatMap(({ userPrincipalName, displayName }) => [userPrincipalName, displayName]),
      'Bearer ',
      'eyJ',
      'local-identity-header',
      'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsu',
      'alert(',
      'Validation:',
    ];
    const told = secrets.filter((secret) => {
      const asJson = JSON.stringify(secret).slice(1, -1);
      return everything.some((line) => line.includes(secret) || line.includes(asJson));
    });
    expect(told).toEqual([]);
    expect(errorLines).toEqual([]);
  });

  it('18: the log holds one line a minute for each reason to refuse', () => {
    const lines = journey.log.all('notifications-refused');
    const reasons = new Set(lines.map(({ reason }) => reason));
    expect([...reasons].sort()).toEqual([
      'http 400',
      'http 413',
      'http 415',
      'malformed',
      'not a change',
      'not a user',
      'other tenant',
      'unknown subscription',
      'wrong clientState',
    ]);
    for (const reason of reasons) {
      const times = lines.filter((line) => line.reason === reason).map(({ time }) => Date.parse(time));
      for (const [index, time] of times.slice(1).entries())
        expect(time - times[index]!).toBeGreaterThan(59_000);
    }
  });
});

import { gzipSync } from 'node:zlib';
import { parseNotifications } from '../../src/notifications/parse-notifications';

const json = 'application/json; charset=utf-8';

function parse(body: string | Uint8Array, headers: Record<string, string> = {}) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const given: Record<string, string> = { 'content-type': json, ...headers };
  return parseNotifications({ header: (name) => given[name] ?? null, body: async () => bytes });
}

const oneItem = '{"value":[{"a":1}]}';

describe('A notification request', () => {
  it.each([
    { when: 'it is application/json', type: 'application/json' },
    { when: 'it says UTF-8', type: 'application/json; charset=utf-8' },
    { when: 'it says UTF-8 in capitals and without a space', type: 'Application/JSON;charset=UTF-8' },
    { when: 'it says UTF-8 in quotes', type: 'application/json; charset="utf-8"' },
  ])('is read when $when', async ({ type }) => {
    expect(await parse(oneItem, { 'content-type': type })).toEqual([{ a: 1 }]);
  });

  it.each([
    { when: 'there is no content type', headers: { 'content-type': '' } },
    { when: 'it is text', headers: { 'content-type': 'text/plain; charset=utf-8' } },
    { when: 'it is a form', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { when: 'it is a form of parts', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    { when: 'it is another charset', headers: { 'content-type': 'application/json; charset=utf-16' } },
    { when: 'it is a kind of JSON', headers: { 'content-type': 'application/json-patch+json' } },
    { when: 'it names two types', headers: { 'content-type': 'application/json,text/html' } },
    { when: 'it is compressed', headers: { 'content-encoding': 'gzip' } },
    { when: 'it is compressed twice', headers: { 'content-encoding': 'br, gzip' } },
  ])('is refused with 415 when $when', async ({ headers }) => {
    expect(await parse(oneItem, headers)).toMatchObject({ status: 415 });
  });

  it.each([
    { when: 'there is no body', body: '' },
    { when: 'it is {}', body: '{}' },
    { when: 'it is []', body: '[]' },
    { when: 'it is null', body: 'null' },
    { when: 'it is a string', body: '"x"' },
    { when: 'it is a number', body: '1' },
    { when: 'it is no JSON', body: 'value=1' },
    { when: 'it is cut off', body: oneItem.slice(0, -2) },
    { when: 'something follows the JSON', body: `${oneItem}x` },
    { when: 'it starts with a byte order mark', body: `\ufeff${oneItem}` },
    { when: 'it is UTF-16', body: new Uint8Array(Buffer.from(oneItem, 'utf16le')) },
    { when: 'it is not UTF-8', body: new Uint8Array(Buffer.from('{"value":["\u00e9"]}', 'latin1')) },
    { when: 'it is gzip that does not say so', body: new Uint8Array(gzipSync(oneItem)) },
    { when: 'value is not an array', body: '{"value":{"0":{}}}' },
    { when: 'value is null', body: '{"value":null}' },
    { when: 'value is named otherwise', body: '{"Value":[]}' },
    { when: 'value is only inherited', body: '{"__proto__":{"value":[{}]}}' },
    { when: 'value is there twice and the last is none', body: '{"value":[{}],"value":1}' },
    { when: 'it has 1,001 items', body: JSON.stringify({ value: new Array(1001).fill({}) }) },
  ])('is refused with 400 when $when', async ({ body }) => {
    expect(await parse(body)).toMatchObject({
      status: 400,
      body: expect.stringMatching(/^\{"error":".*"\}$/),
    });
  });

  it.each([
    { when: 'nothing in it', body: '{"value":[]}', then: 0 },
    { when: '1,000 items', body: JSON.stringify({ value: new Array(1000).fill({}) }), then: 1000 },
    { when: 'items of any kind', body: '{"value":[null,1,"x",[],{}]}', then: 5 },
    {
      when: 'fields nobody knows',
      body: '{"@odata.context":"x","validationTokens":["y"],"value":[{}]}',
      then: 1,
    },
    { when: 'value twice, of which the last counts', body: '{"value":1,"value":[{},{}]}', then: 2 },
  ])('is read with $when', async ({ body, then }) => {
    expect(await parse(body)).toHaveLength(then);
  });

  it.each([
    { when: '1 MiB', bytes: 1_048_576, then: 400 },
    { when: '1 MiB and a byte', bytes: 1_048_577, then: 413 },
  ])('of $when that is no JSON is refused with $then', async ({ bytes, then }) => {
    expect(await parse(new Uint8Array(bytes))).toMatchObject({ status: then });
  });

  it('announced as too large is refused before it is read', async () => {
    const body = jest.fn();
    const headers: Record<string, string> = { 'content-type': json, 'content-length': '104857600' };
    const answer = await parseNotifications({ header: (name) => headers[name] ?? null, body });
    expect(answer).toMatchObject({ status: 413 });
    expect(body).not.toHaveBeenCalled();
  });

  it.each([
    { when: '1 MiB of nested arrays', body: '['.repeat(524_288) + ']'.repeat(524_288) },
    { when: '90,000 keys', body: `{${Array.from({ length: 90_000 }, (_, n) => `"${String(n)}":0`).join()}}` },
    { when: 'a key of 1 MiB', body: `{"${'k'.repeat(1_048_000)}":[]}` },
  ])('of $when is refused at once', async ({ body }) => {
    const times: number[] = [];
    for (let run = 0; run < 5; run++) {
      const started = process.cpuUsage();
      expect(await parse(body)).toMatchObject({ status: 400 });
      times.push(process.cpuUsage(started).user / 1000);
    }
    // The processor's time, and of the fastest run. It takes a tenth of this; what a reader is led into that goes over the
    // body again for each of its characters takes minutes, so how fast the machine is does not matter.
    expect(Math.min(...times)).toBeLessThan(1500);
  });
});

import { gzipSync } from 'node:zlib';
import { canary, item } from './subscriptions';

/** A request that is no notification, or an odd one, and the answer it deserves. */
export interface RequestRow {
  row: number;
  when: string;
  query?: string;
  init: RequestInit;
  status: number;
  /** How many events it makes; none where it is left out. */
  events?: number;
}

const json = { 'content-type': 'application/json' };
const good = JSON.stringify({ value: [item()] });
const post = (body: string | Uint8Array, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  headers,
  body: typeof body === 'string' ? body : new Uint8Array(body),
});
const bytes = (text: string, encoding: BufferEncoding) => new Uint8Array(Buffer.from(text, encoding));

export const requestRows: RequestRow[] = [
  ...['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].map((method) => ({
    row: 1,
    when: `the method is ${method}`,
    init: { method, ...(/PUT|PATCH|DELETE/.test(method) && { headers: json, body: good }) },
    status: 405,
  })),
  {
    row: 1,
    when: 'the method is GET and there is a token',
    query: '?validationToken=x',
    init: { method: 'GET' },
    status: 405,
  },

  {
    row: 3,
    when: 'the token has 4,097 characters',
    query: `?validationToken=${'x'.repeat(4097)}`,
    init: { method: 'POST' },
    status: 400,
  },
  {
    row: 3,
    when: 'the token has 9 KB, over what the host takes as an address',
    query: `?validationToken=${'x'.repeat(9216)}`,
    init: { method: 'POST' },
    status: 414,
  },
  {
    row: 3,
    when: 'the token has 1 MB, over what the host takes as headers',
    query: `?validationToken=${'x'.repeat(1_048_576)}`,
    init: { method: 'POST' },
    status: 431,
  },
  { row: 3, when: 'the token is empty', query: '?validationToken=', init: { method: 'POST' }, status: 400 },
  {
    row: 3,
    when: 'the token is only named',
    query: '?validationToken',
    init: { method: 'POST' },
    status: 400,
  },
  {
    row: 3,
    when: 'the token is there twice',
    query: '?validationToken=a&validationToken=b',
    init: { method: 'POST' },
    status: 400,
  },
  {
    row: 3,
    when: 'the token is there twice, in other letters',
    query: '?validationToken=a&ValidationToken=b',
    init: { method: 'POST' },
    status: 400,
  },
  {
    row: 3,
    when: 'the token has a NUL',
    query: '?validationToken=a%00b',
    init: { method: 'POST' },
    status: 400,
  },
  {
    row: 3,
    when: 'the token has an escape character',
    query: '?validationToken=%1b%5b31m',
    init: { method: 'POST' },
    status: 400,
  },
  {
    row: 3,
    when: 'the token is repeated and a body comes with it',
    query: '?validationToken=a&validationToken=',
    init: post(good),
    status: 400,
  },

  {
    row: 5,
    when: 'the token has CR and LF',
    query: '?validationToken=a%0d%0aSet-Cookie:%20evil=1',
    init: { method: 'POST' },
    status: 400,
  },
  {
    row: 5,
    when: 'the ids have CR and LF',
    init: post(
      JSON.stringify({
        value: [
          item({
            subscriptionId: `x\r\n{"event":"${canary}"}`,
            tenantId: 'a\r\nb',
            resource: `Users/\r\n${canary}`,
          }),
        ],
      }),
    ),
    status: 202,
  },

  { row: 6, when: 'there is no body', init: { method: 'POST', headers: json }, status: 400 },
  ...['{}', '[]', 'null', '"x"', '1', 'true'].map((body) => ({
    row: 6,
    when: `the body is ${body}`,
    init: post(body),
    status: 400,
  })),

  { row: 7, when: 'the body is no JSON', init: post(`value=${canary}`), status: 400 },
  { row: 7, when: 'the body is cut off', init: post(good.slice(0, -3)), status: 400 },
  { row: 7, when: 'the body begins with a byte order mark', init: post(`\ufeff${good}`), status: 400 },
  { row: 7, when: 'the body is UTF-16', init: post(bytes(good, 'utf16le')), status: 400 },
  {
    row: 7,
    when: 'the body is UTF-16 and says so',
    init: post(bytes(good, 'utf16le'), { 'content-type': 'application/json; charset=utf-16' }),
    status: 415,
  },
  { row: 7, when: 'the body is gzip', init: post(new Uint8Array(gzipSync(good))), status: 400 },
  {
    row: 7,
    when: 'the body is gzip and says so',
    init: post(new Uint8Array(gzipSync(good)), { ...json, 'content-encoding': 'gzip' }),
    status: 415,
  },

  { row: 8, when: 'there is no content type', init: post(bytes(good, 'utf8'), {}), status: 415 },
  ...[
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json; charset=latin1',
    '*/*',
  ].map((type) => ({
    row: 8,
    when: `the content type is ${type}`,
    init: post(good, { 'content-type': type }),
    status: 415,
  })),

  {
    row: 9,
    when: 'the body has 1 MiB and a byte',
    init: post(`${good}${' '.repeat(1_048_577 - good.length)}`),
    status: 413,
  },
  {
    row: 9,
    when: 'the body has just 1 MiB',
    init: post(`${good}${' '.repeat(1_048_576 - good.length)}`),
    status: 202,
    events: 1,
  },

  { row: 10, when: 'value is empty', init: post('{"value":[]}'), status: 202 },
  {
    row: 10,
    when: 'value has 1,001 items',
    init: post(JSON.stringify({ value: new Array(1001).fill({ canary }) })),
    status: 400,
  },
  { row: 10, when: 'value is an object', init: post(JSON.stringify({ value: item() })), status: 400 },
  {
    row: 10,
    when: 'value is a text',
    init: post(JSON.stringify({ value: JSON.stringify([item()]) })),
    status: 400,
  },

  {
    row: 11,
    when: 'the body is 1 MiB of nested arrays',
    init: post('['.repeat(524_288) + ']'.repeat(524_288)),
    status: 400,
  },
  {
    row: 11,
    when: 'the one item is half a MiB of nested arrays',
    init: post(`{"value":[${'['.repeat(262_144)}${']'.repeat(262_144)}]}`),
    status: 202,
  },
  {
    row: 11,
    when: 'the body has 90,000 keys',
    init: post(`{${Array.from({ length: 90_000 }, (_, n) => `"${String(n)}":0`).join()}}`),
    status: 400,
  },

  {
    row: 12,
    when: 'value is there twice and the good one comes first',
    init: post(`{"value":[${JSON.stringify(item())}],"value":[]}`),
    status: 202,
  },
  {
    row: 12,
    when: 'value is there twice and the good one comes last',
    init: post(`{"value":[],"value":[${JSON.stringify(item())}]}`),
    status: 202,
    events: 1,
  },
  {
    row: 12,
    when: 'clientState is there twice and the good one comes first',
    init: post(
      good
        .replace('"clientState"', '"clientState":"x","clientState"')
        .replace(/("clientState":"x"),("clientState":"[^"]+")/, '$2,$1'),
    ),
    status: 202,
  },

  { row: 13, when: 'value hangs on __proto__', init: post(`{"__proto__":${good}}`), status: 400 },
  {
    row: 13,
    when: 'the item hangs on __proto__',
    init: post(`{"value":[{"__proto__":${JSON.stringify(item())}}]}`),
    status: 202,
  },
  {
    row: 13,
    when: 'the item’s secret hangs on __proto__',
    init: post(
      `{"value":[${JSON.stringify(item({ clientState: undefined })).slice(0, -1)},"__proto__":{"clientState":${JSON.stringify(item().clientState)}}}]}`,
    ),
    status: 202,
  },
  {
    row: 13,
    when: 'there are keys like constructor and toString',
    init: post(
      JSON.stringify({
        toString: 1,
        hasOwnProperty: 2,
        value: [item({ constructor: { prototype: { polluted: 1 } }, toString: 3 })],
      }),
    ),
    status: 202,
    events: 1,
  },
  ...['__proto__', 'constructor', 'toString'].map((id) => ({
    row: 13,
    when: `the ids are ${id}`,
    init: post(JSON.stringify({ value: [item({ personId: id, subscriptionId: id })] })),
    status: 202,
  })),

  {
    row: 30,
    when: 'forwarding headers say otherwise',
    init: post(good, {
      ...json,
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'http',
      'x-forwarded-for': canary,
      forwarded: `for=${canary}`,
      'x-original-url': '/admin',
    }),
    status: 202,
    events: 1,
  },
  {
    row: 30,
    when: 'a function key is in the query',
    query: `?code=${canary}&x-functions-key=${canary}`,
    init: post(good),
    status: 202,
    events: 1,
  },
  {
    row: 30,
    when: 'a function key and a token of somebody are in the headers',
    init: post(good, { ...json, 'x-functions-key': canary, authorization: `Bearer ${canary}` }),
    status: 202,
    events: 1,
  },
];

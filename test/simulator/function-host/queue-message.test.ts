import { decodeMessage, toTriggerMetadata } from '../../../src/simulator/function-host/queue-message';

const base64 = (text: string | Uint8Array) => Buffer.from(text).toString('base64');

describe('decoding a message', () => {
  it.each([
    { when: 'it is base64', body: base64('{"a":"ä"}'), then: '{"a":"ä"}' },
    { when: 'it is empty', body: '', then: '' },
    { when: 'it has line breaks', body: 'YWJj\nZGVm', then: 'abcdef' },
    { when: 'it begins with a byte order mark', body: base64('\uFEFFx'), then: '\uFEFFx' },
  ])('$when', ({ body, then }) => {
    expect(decodeMessage(body, 'base64')).toBe(then);
  });

  it.each([
    { when: 'it is plain JSON', body: '{"a":1}', then: 'not base64' },
    { when: 'its padding is missing', body: 'YWI', then: 'not base64' },
    {
      when: 'it holds other bytes than UTF-8',
      body: base64(new Uint8Array([0xff, 0xfe])),
      then: 'not UTF-8',
    },
  ])('fails when $when', ({ body, then }) => {
    expect(() => decodeMessage(body, 'base64')).toThrow(then);
  });

  it('passes a message on as it is where host.json says none', () => {
    expect(decodeMessage('{"a":1}', 'none')).toBe('{"a":1}');
  });
});

describe("a queue trigger's metadata", () => {
  const message = {
    messageId: 'id-1',
    dequeueCount: 1,
    insertedOn: new Date('2026-11-24T03:48:00Z'),
    expiresOn: new Date('9999-12-31T23:59:59.999Z'),
    nextVisibleOn: new Date('2026-11-24T03:58:00Z'),
    popReceipt: 'receipt',
  };
  const usual = {
    Id: { string: 'id-1' },
    DequeueCount: { json: '1' },
    InsertionTime: { json: '"2026-11-24T03:48:00+00:00"' },
    ExpirationTime: { json: '"9999-12-31T23:59:59+00:00"' },
    NextVisibleTime: { json: '"2026-11-24T03:58:00+00:00"' },
    PopReceipt: { string: 'receipt' },
  };

  it.each([
    { when: 'the body is no object', text: '[{"id":2}]', then: {} },
    { when: 'the body is no JSON', text: 'hello', then: {} },
    { when: 'a name is new', text: '{"version":1}', then: { version: { string: '1' } } },
    { when: 'a name is taken', text: '{"DequeueCount":99}', then: { DequeueCount: { string: '99' } } },
    {
      when: 'a name is taken in another case',
      text: '{"dequeuecount":99,"ID":"x"}',
      then: { DequeueCount: { string: '99' }, Id: { string: 'x' } },
    },
    { when: 'a value is an object', text: '{"photo":{"a":1}}', then: { photo: { json: '{"a":1}' } } },
    { when: 'a value is a flag', text: '{"on":true}', then: { on: { string: 'True' } } },
    { when: 'a value is a list or null', text: '{"id":[1],"popReceipt":null}', then: {} },
  ])('$when', ({ text, then }) => {
    expect(toTriggerMetadata(text, message)).toEqual({ QueueTrigger: { string: text }, ...usual, ...then });
  });
});

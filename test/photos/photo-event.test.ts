import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { InvalidMessage } from '../../src/errors';
import { decodePhotoEvent, encodePhotoEvent, type PhotoEvent } from '../../src/photos/photo-event';
import { alex } from '../support/ids';

const fixtures = join(__dirname, '../fixtures/photo-event');

const event: PhotoEvent = {
  personId: alex,
  cause: 'notification',
  force: false,
  attempt: 0,
  correlationId: 'call-1',
};
const message = (changes: Record<string, unknown> = {}, outside: Record<string, unknown> = {}) => ({
  version: 1,
  photoChanged: { ...event, ...changes },
  ...outside,
});

describe('A message that is in a queue while the app is deployed anew', () => {
  // A file stands for messages that an earlier release may have sent: it is never changed, only added to.
  it.each(readdirSync(fixtures))('is still understood: %s', (file) => {
    const text = readFileSync(join(fixtures, file), 'utf8');
    expect(decodePhotoEvent(text)).toEqual((JSON.parse(text) as { photoChanged: PhotoEvent }).photoChanged);
  });

  it('is written as it was', () => {
    expect(JSON.parse(encodePhotoEvent(event))).toEqual({ version: 1, photoChanged: event });
  });
});

describe('A message', () => {
  it.each([
    { when: 'as the host parsed it', body: message(), then: event },
    { when: 'as text', body: encodePhotoEvent(event), then: event },
    { when: 'with the id in upper case', body: message({ personId: alex.toUpperCase() }), then: event },
    ...(['delayed-look', 'retry', 'sweep', 'admin'] as const).map((cause) => ({
      when: `caused by ${cause}`,
      body: message({ cause }),
      then: { ...event, cause },
    })),
    {
      when: 'with the time in another zone',
      body: message({ firstSeenAt: '2026-11-24T10:00:00+01:00' }),
      then: { ...event, firstSeenAt: '2026-11-24T10:00:00+01:00' },
    },
  ])('is read $when', ({ body, then }) => {
    expect(decodePhotoEvent(body)).toEqual(then);
  });

  it.each([
    { when: 'it shadows the dequeue count', body: message({}, { dequeueCount: 1 }) },
    { when: 'it shadows the insertion time', body: message({}, { insertionTime: '2000-01-01T00:00:00Z' }) },
    { when: 'it shadows the id', body: message({}, { id: 'x' }) },
    { when: 'it shadows them in other letters', body: message({}, { DequeueCount: 1, POPRECEIPT: 'x' }) },
    { when: 'it has a field more inside', body: message({ pictureUrl: 'https://evil.example/' }) },
    {
      when: 'it has a key of Object.prototype',
      body: JSON.parse('{"version":1,"__proto__":{},"photoChanged":{}}') as unknown,
    },
    { when: 'its version is a text', body: message({}, { version: '1' }) },
    { when: 'it has no version', body: { photoChanged: event } },
    { when: 'its payload lies at the top', body: { version: 1, ...event } },
    { when: 'its payload is missing', body: { version: 1 } },
    { when: 'the id is no GUID', body: message({ personId: 'alex@contoso.example' }) },
    { when: 'the id is a key of a table', body: message({ personId: `${alex}:look` }) },
    { when: 'the id has a line end', body: message({ personId: `${alex}\n` }) },
    { when: 'the id is in braces', body: message({ personId: `{${alex}}` }) },
    { when: 'the cause is unknown', body: message({ cause: 'magic' }) },
    { when: 'the force is a text', body: message({ force: 'true' }) },
    { when: 'the attempt is negative', body: message({ attempt: -1 }) },
    { when: 'the attempt is a fraction', body: message({ attempt: 0.5 }) },
    { when: 'the attempt is beyond counting', body: message({ attempt: 1e300 }) },
    { when: 'the time is none', body: message({ firstSeenAt: 'yesterday' }) },
    { when: 'the correlation is of 101 characters', body: message({ correlationId: 'x'.repeat(101) }) },
    { when: 'the correlation is missing', body: message({ correlationId: undefined }) },
    { when: 'it is no JSON', body: 'photo changed' },
    { when: 'it is JSON that is no object', body: '7' },
    { when: 'it is empty', body: '' },
    { when: 'it is nothing', body: undefined },
    { when: 'it is null', body: null },
    { when: 'it is a list', body: [message()] },
    { when: 'it is bytes', body: Buffer.from(encodePhotoEvent(event)) },
  ])('is refused when $when', ({ body }) => {
    expect(() => decodePhotoEvent(body)).toThrow(InvalidMessage);
  });

  it('that is refused says why on one line, without its values', () => {
    const refusal = () => decodePhotoEvent(message({ personId: 'alex@contoso.example' }));
    expect(refusal).toThrow(/^The queue message is not a photo-changed event of this version: .*personId/);
    expect(refusal).not.toThrow(/alex|\n/);
    const odd = () => decodePhotoEvent(message({ 'alex@contoso.example': 1 }, { ['bea '.repeat(9000)]: 1 }));
    expect(odd).toThrow(/photoChanged: unrecognized keys; the message: unrecognized keys/);
    expect(odd).not.toThrow(/alex|bea/);
  });
});

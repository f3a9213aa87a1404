import { decodeAdminRequest } from '../src/doctor/admin-request';
import { InvalidMessage, LaterMessage } from '../src/errors';
import { decodePhotoEvent } from '../src/photos/photo-event';
import { createControlTable } from '../src/storage/control-table';
import { createPersonTable } from '../src/storage/person-table';
import { createSweepTable } from '../src/storage/sweep-table';
import { decodeSubscriptionEvent } from '../src/subscription/subscription-event';
import { decodePageMessage } from '../src/sweep/page-message';
import { takeMessage } from '../src/take-message';
import { expectAlert } from './support/expect-alert';
import { alex } from './support/ids';
import { memoryTable } from './support/memory-table';
import { recordedLog } from './support/recorded-log';
import { recordedQueue } from './support/recorded-queue';

/** What this version of the app makes of messages and rows of its own version and of the next, which an admin took back. */

const correlationId = 'call-1';

/** What version 1 sends. A line here is never changed: messages of it may lie in a queue while another is deployed. */
const kinds = [
  {
    key: 'photoChanged',
    payload: { personId: alex, cause: 'notification', force: false, attempt: 0, correlationId },
    decode: decodePhotoEvent,
  },
  { key: 'sweepPage', payload: { sweepId: alex, page: 7, attempt: 0 }, decode: decodePageMessage },
  {
    key: 'subscriptionEvent',
    payload: { events: ['missed'], attempt: 0, correlationId },
    decode: decodeSubscriptionEvent,
  },
  { key: 'request', payload: { id: alex, kind: 'doctor' }, decode: decodeAdminRequest },
];

describe.each(kinds)('A message with $key', ({ key, payload, decode }) => {
  it.each([
    { when: 'of this version', body: { version: 1, [key]: payload } },
    { when: 'of the next version, as it is now', body: { version: 2, [key]: payload } },
    { when: 'of the next version, with a field more', body: { version: 2, [key]: { ...payload, more: 1 } } },
    { when: 'as text', body: JSON.stringify({ version: 2, [key]: payload }) },
  ])('$when is read', ({ body }) => {
    expect(decode(body)).toEqual(payload);
  });

  it.each([
    { when: 'the next version lacks what is needed', body: { version: 2, [key]: {} } },
    { when: 'the next version has another form', body: { version: 2, somethingElse: payload } },
    { when: 'it is of a version beyond the next', body: { version: 3, [key]: payload } },
  ])('waits for a later app where $when', async ({ body }) => {
    expect(() => decode(body)).toThrow(LaterMessage);
    const queue = recordedQueue();
    const { log, lines } = recordedLog();
    expect(await takeMessage<unknown>({ queue, log }, 'its-queue', body, decode)).toBeUndefined();
    expect(queue.sentBack).toEqual([{ queue: 'its-queue', body, delaySeconds: 300 }]);
    expectAlert('later-version', 'message-of-later-version', lines[0]);
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'message-of-later-version',
        queue: 'its-queue',
        version: body.version,
      }),
    ]);
  });

  it.each([
    { when: 'this version has a field more', body: { version: 1, [key]: { ...payload, more: 1 } } },
    { when: 'its version is none', body: { version: 0, [key]: payload } },
    { when: 'its version is a text', body: { version: '2', [key]: payload } },
  ])('is nobody’s where $when, and nothing is sent back', async ({ body }) => {
    const queue = recordedQueue();
    const { log } = recordedLog();
    const take = takeMessage<unknown>({ queue, log }, 'its-queue', body, decode);
    await expect(take).rejects.toThrow(InvalidMessage);
    expect(queue.sentBack).toEqual([]);
  });
});

it('A message that could not be sent back is not given up: the queue’s tries go on', async () => {
  const queue = recordedQueue();
  queue.before = () => {
    throw new Error('storage is down');
  };
  const take = takeMessage({ queue, log: recordedLog().log }, 'its-queue', { version: 3 }, decodePhotoEvent);
  await expect(take).rejects.toThrow('storage is down');
});

describe('A row of the next version', () => {
  const more = { version: 2, columnOfNext: 'kept' };

  it('of a person is read, and keeps what this version does not know when it is written', async () => {
    const table = memoryTable();
    const people = createPersonTable(table);
    await people.overwrite(alex, { appliedEtag: '"A"' });
    await table.overwrite(alex.slice(0, 2), alex, more);
    const { row, token } = await people.read(alex);
    expect(row).toMatchObject({ appliedEtag: '"A"', dirty: false });
    expect(row).not.toHaveProperty('columnOfNext');
    expect(await people.write(alex, token, { dirty: true })).toBeDefined();
    const kept = await table.read(alex.slice(0, 2), alex);
    expect(kept.columns).toMatchObject({ columnOfNext: 'kept', appliedEtag: '"A"', dirty: true });
  });

  it('of a sweep is read with the counts that this version knows', async () => {
    const table = memoryTable();
    const sweeps = createSweepTable(table);
    await sweeps.write(undefined, { sweepId: alex, page: 3 });
    await table.overwrite('sweep', 'current', { ...more, counts: '{"seen":5,"countOfNext":2}' });
    const { row } = await sweeps.read();
    expect(row).toMatchObject({ sweepId: alex, page: 3, counts: { seen: 5 } });
  });

  it('of the breaker is read: a stop stays a stop', async () => {
    const table = memoryTable();
    const control = createControlTable(table);
    await control.writeBreaker(undefined, { stopId: 'stop-1', reason: 'too many' });
    await table.overwrite('control', 'breaker', more);
    expect((await control.read()).breaker.row).toMatchObject({ stopId: 'stop-1', resumedAt: '' });
  });
});

it('A row of an older version, without a column of today, is read as if that were empty', async () => {
  const table = memoryTable();
  await table.overwrite(alex.slice(0, 2), alex, { version: 0, appliedEtag: '"A"' });
  const { row } = await createPersonTable(table).read(alex);
  expect(row).toMatchObject({ appliedEtag: '"A"', dirty: false, nextLookAt: '', writtenSha256: '' });
});

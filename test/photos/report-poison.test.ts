import { ServiceFailure } from '../../src/errors';
import { encodePhotoEvent } from '../../src/photos/photo-event';
import { recordPoison } from '../../src/photos/report-poison';
import { createPersonTable } from '../../src/storage/person-table';
import { alex } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { recordedLog } from '../support/recorded-log';
import { recordedQueue } from '../support/recorded-queue';

const body = encodePhotoEvent({
  personId: alex,
  cause: 'notification',
  force: false,
  attempt: 2,
  correlationId: 'call-1',
});

function setUp({ writes = true } = {}) {
  const table = memoryTable();
  const people = createPersonTable(table);
  const queue = recordedQueue();
  const { log, lines } = recordedLog();
  const report = (message: unknown) =>
    recordPoison(
      { people, queue, log, writes },
      { queue: 'photo-changed-poison', message, insertionTime: '2026-11-24T09:00:00+00:00' },
    );
  return { table, people, queue, lines, report };
}

describe('Poison', () => {
  it('leaves the person as unfinished, with the failure and one structured error', async () => {
    const { people, report, lines } = setUp();
    await people.overwrite(alex, { appliedEtag: '"A"', plan: 'apply' });
    await report(body);
    expect((await people.read(alex)).row).toMatchObject({
      dirty: true,
      appliedEtag: '"A"',
      failure: expect.stringContaining('Five tries failed'),
      failureAt: '2026-11-24T09:00:00.000Z',
    });
    expect(lines).toEqual([
      {
        level: 'error',
        event: 'photo-poisoned',
        personId: alex,
        queue: 'photo-changed-poison',
        reason: expect.any(String),
        correlationId: 'call-1',
      },
    ]);
  });

  it('makes a row for a person never seen', async () => {
    const { people, report } = setUp();
    await report(JSON.parse(body));
    expect((await people.read(alex)).row?.dirty).toBe(true);
  });

  it('leaves nothing unfinished where the app only reports', async () => {
    const { people, report } = setUp({ writes: false });
    await report(body);
    expect((await people.read(alex)).row).toMatchObject({ dirty: false, failure: expect.any(String) });
  });

  it('reported twice is as if reported once', async () => {
    const { people, report } = setUp();
    await report(body);
    const once = (await people.read(alex)).row;
    await report(body);
    expect((await people.read(alex)).row).toEqual(once);
  });

  it.each([
    { when: 'it is no event', message: '{"personId":"x"}' },
    { when: 'it is no JSON', message: 'x' },
    {
      when: 'it shadows the trigger’s metadata',
      message: { ...(JSON.parse(body) as object), dequeueCount: 1 },
    },
  ])('is told and touches no row when $when', async ({ message }) => {
    const { table, queue, report, lines } = setUp();
    await report(message);
    expect(table.rows.size).toBe(0);
    expect(queue.sentBack).toEqual([]);
    expect(lines).toEqual([
      {
        level: 'error',
        event: 'photo-poisoned',
        queue: 'photo-changed-poison',
        reason: expect.stringContaining('not a photo-changed event'),
      },
    ]);
  });

  it('goes back to its queue as it is while the table is down', async () => {
    const { table, queue, report, lines } = setUp();
    table.before = () => {
      throw new ServiceFailure('storage', 'Azure Storage failed.');
    };
    await report(body);
    expect(queue.sentBack).toEqual([{ queue: 'photo-changed-poison', body, delaySeconds: 300 }]);
    expect(lines.map(({ event }) => event)).toEqual(['poison-not-recorded']);
  });

  it('fails when it can be neither recorded nor put back', async () => {
    const { table, queue, report } = setUp();
    const down = () => {
      throw new ServiceFailure('storage', 'Azure Storage failed.');
    };
    table.before = down;
    queue.before = down;
    await expect(report(body)).rejects.toThrow('Azure Storage failed.');
  });
});

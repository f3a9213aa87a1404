import { randomUUID } from 'node:crypto';
import type { Delivery } from '../../src/photos/fold-looks';
import { pictureFileName } from '../../src/photos/picture-names';
import { decideLeftOver } from '../../src/removing/decide-left-over';
import type { PersonRow, PersonTable } from '../../src/storage/person-table';
import { createBreakerTable } from '../../src/storage/breaker-table';
import { createControlTable } from '../../src/storage/control-table';
import { createPersonTable } from '../../src/storage/person-table';
import { createSweepTable } from '../../src/storage/sweep-table';
import { sweepPeople, type SweepRule } from '../../src/sweep/sweep-people';
import type { PersonKind, SimPerson } from '../support/control-api';
import { memoryTable } from '../support/memory-table';
import { recordedLog } from '../support/recorded-log';
import { everyoneInScope } from '../support/sweeping';
import { gateOf } from '../support/write-gate';
import { openLaboratory, type Cell, type Laboratory } from './failing/laboratory';

/*
 * What fails for long, or for good, while a sweep comes every hour and sends its events again: the real sweep, the real
 * apply and their clients against the local tenant. Storage's time is the test's own, and nobody waits.
 */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const begin = Date.parse('2026-11-27T12:00:00Z');

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await openLaboratory({ RETRY_SECONDS: '60,120,300,900,3600' });
});
afterAll(() => laboratory.end());
afterEach(() => laboratory.control.clearFaults());

/** Looks at this person find no photo, in so many words. */
const hidePhoto = ({ id }: SimPerson) => {
  const body = JSON.stringify({ error: { code: 'ImageNotFound', message: 'No photo.' } });
  return laboratory.control.addFault({ service: 'graph', match: `/users/${id}/photo$`, status: 404, body });
};

/** Somebody whose photo was written, and gone for one look. */
async function doubted() {
  const { control } = laboratory;
  const [person] = (await control.addUsers(1, 'ordinary')) as [SimPerson];
  const { apply, people } = laboratory.cell(person);
  await apply({});
  await hidePhoto(person);
  await apply({});
  await control.clearFaults();
  const { row } = await people.read(person.id);
  expect(row).toMatchObject({ doubt: 'removed', settledEtag: person.source?.etag });
  return { person, people };
}

/** A person, the app, and a queue whose messages come when they are due. */
async function meet(kind: PersonKind = 'ordinary') {
  const { control } = laboratory;
  const [person] = (await control.addUsers(1, kind)) as [SimPerson];
  let now = begin;
  const people: PersonTable = createPersonTable(memoryTable(() => new Date(now)));
  const cell: Cell = laboratory.cell(person, { people });
  const { config, tenant } = laboratory.app({});
  const waiting: { dueAt: number; insertedAt: number; event: (typeof cell.queue.sent)[number]['event'] }[] =
    [];
  const takeSent = () => {
    for (const { event, delaySeconds } of cell.queue.sent.splice(0)) {
      if (event.personId === person.id)
        waiting.push({ dueAt: now + delaySeconds * 1000, insertedAt: now, event });
    }
  };
  return {
    person,
    people,
    row: async () => (await people.read(person.id)).row,
    waiting,
    /** Writes the photo that is there. */
    async applyNow() {
      await cell.apply({});
      takeSent();
      expect(waiting).toEqual([]);
    },
    async receive() {
      await cell.apply({ cause: 'notification' }, { insertedAt: new Date(now) });
      takeSent();
    },
    async sweep(rule: Partial<SweepRule> = {}) {
      await sweepPeople(
        {
          settings: config,
          sweeps: createSweepTable(memoryTable()),
          breaker: createBreakerTable(memoryTable()),
          ...{ people, queue: cell.queue, scope: everyoneInScope, log: recordedLog().log },
          directory: tenant.people,
          lookInTurn: (look) => look(),
          looks: tenant.looks,
          ...{ monotonicMs: () => 0, random: () => 0 },
        },
        { sweepId: 'sweep', nextLink: '' },
        { isBaseline: false, isBackfill: false, reportOnly: false, removals: 'clear', ...rule },
      );
      takeSent();
    },
    /** Lets time pass, with each message when it is due. */
    async pass(ms: number) {
      const until = now + ms;
      for (;;) {
        const next = waiting.sort((one, other) => one.dueAt - other.dueAt)[0];
        if (!next || next.dueAt > until) break;
        waiting.shift();
        now = Math.max(now, next.dueAt);
        await cell.apply(next.event, { insertedAt: new Date(next.insertedAt) });
        takeSent();
      }
      now = until;
    },
    /** How often the set of three was written. */
    setsWritten: async (since: number) =>
      (await control.requests(since)).filter(
        ({ method, path }) => method === 'POST' && path.includes(`m365-${person.id}_MThumb`),
      ).length,
  };
}

it('somebody whom Graph refuses for good has a few messages at most, however many sweeps there are', async () => {
  const { control } = laboratory;
  const { person, applyNow, sweep, pass, waiting, row } = await meet();
  await applyNow();
  const body = JSON.stringify({ error: { code: 'ErrorNonExistentMailbox', message: 'No mailbox.' } });
  await control.addFault({ service: 'graph', match: `/users/${person.id}/photo$`, status: 404, body });
  const counts: number[] = [];
  for (let sweeps = 0; sweeps < 10; sweeps++) {
    await sweep();
    await pass(hourMs);
    counts.push(waiting.length);
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual(2);
  expect(counts).not.toContain(0);
  expect(await row()).toMatchObject({ dirty: false, appliedEtag: person.source?.etag });
  await pass(2 * hourMs);
  expect(waiting).toEqual([]);
});

it.each([
  { what: 'is down', fault: { status: 503 } },
  { what: 'throttles', fault: { status: 429, retryAfterSeconds: 600 } },
])(
  'matrix 21: SharePoint $what for six sweeps, is hardly asked, and the picture is written after them, not once for each',
  async ({ fault }) => {
    const { control } = laboratory;
    const { person, sweep, pass, waiting, row, setsWritten } = await meet();
    for (const service of ['root', 'admin', 'mysite'] as const) await control.addFault({ service, ...fault });
    const before = await control.lastRequest();
    for (let sweeps = 0; sweeps < 6; sweeps++) {
      await sweep();
      await pass(hourMs);
      expect(waiting.length).toBeLessThanOrEqual(2);
    }
    const asked = (await control.requests(before)).filter(({ service }) => service !== 'graph');
    expect(asked.length).toBeGreaterThanOrEqual(6);
    expect(asked.length).toBeLessThanOrEqual(6 * 6);
    expect(await row()).toMatchObject({ dirty: true });
    await control.clearFaults();
    const since = await control.lastRequest();
    await sweep();
    await pass(2 * hourMs);
    expect(await row()).toMatchObject({ dirty: false, appliedEtag: person.source?.etag });
    expect((await control.user(person.id)).inSync).toBe(true);
    const written = await setsWritten(since);
    expect(written).toBeGreaterThanOrEqual(1);
    expect(written).toBeLessThanOrEqual(2);
    expect(waiting).toEqual([]);
  },
);

it('who is to be written once is, though several sweeps say so before the first event comes to its turn', async () => {
  const { control } = laboratory;
  const { person, sweep, pass, waiting, row, setsWritten } = await meet();
  await sweep({ isBaseline: true });
  expect(waiting).toEqual([]);
  const since = await control.lastRequest();
  for (let sweeps = 0; sweeps < 3; sweeps++) await sweep({ isBackfill: true });
  expect(waiting).toHaveLength(3);
  await pass(hourMs);
  expect(await row()).toMatchObject({ dirty: false, appliedEtag: person.source?.etag });
  expect(await setsWritten(since)).toBe(1);
  await sweep({ isBackfill: true });
  expect(waiting).toEqual([]);
});

it.each<{ when: string; rule: Partial<SweepRule>; changes?: true; seenEtag?: string; then: number }>([
  { when: 'is left with the picture of before', rule: {}, then: 0 },
  { when: 'is left so by a baseline too', rule: { isBaseline: true }, then: 0 },
  { when: 'is left so where the photo seemed to be gone', rule: { isBaseline: true }, seenEtag: '', then: 0 },
  { when: 'is written when the photo changes', rule: {}, changes: true, then: 1 },
  { when: 'is written once when everyone is to be', rule: { isBackfill: true }, then: 1 },
])('whoever was restored when the app was taken out $when, once it writes again', async (given) => {
  const { control } = laboratory;
  const { person, people, applyNow, sweep, pass, waiting, row, setsWritten } = await meet();
  await applyNow();
  if (given.seenEtag !== undefined) await people.overwrite(person.id, { seenEtag: given.seenEtag });
  const removing = laboratory.cell(person, { people, own: { SYNC_MODE: 'remove' } });
  await removing.apply({ cause: 'restore' });
  const restored = (await row()) as PersonRow;
  expect(restored).toMatchObject({ dirty: false, code: 'restored', appliedEtag: '', hold: '' });
  expect(decideLeftOver(restored, { restoresAll: true, since: new Date(begin) })).toBe('restored');

  if (given.changes) await control.putPhoto(person.id, { drawing: 'a new face', notify: false });
  const since = await control.lastRequest();
  for (let sweeps = 0; sweeps < 2; sweeps++) await sweep(given.rule);
  await pass(hourMs);
  expect(await setsWritten(since)).toBe(given.then);
  await sweep(given.rule);
  expect(waiting).toEqual([]);
});

it.each(['apply', 'report'] as const)(
  'a photo that was gone for one look only is not gone for the next doubt (SYNC_MODE=%s)',
  async (mode) => {
    const { person, people } = await doubted();
    await laboratory.cell(person, { people, own: { SYNC_MODE: mode } }).apply({ cause: 'sweep' });
    expect((await people.read(person.id)).row).toMatchObject({
      ...{ doubt: '', doubtSince: '', nextLookAt: '' },
      ...{ seenEtag: person.source?.etag, settledEtag: person.source?.etag },
    });
  },
);

it('an event that ends unfinished leaves the row to the next sweep, also where somebody else had closed it', async () => {
  const { control } = laboratory;
  const [person] = (await control.addUsers(1, 'ordinary')) as [SimPerson];
  const cell = laboratory.cell(person);
  await cell.apply({});
  await control.addFault({ service: 'graph', match: `/users/${person.id}/photo$`, status: 503 });
  await cell.apply({ cause: 'sweep', force: true, attempt: 5 });
  expect(cell.queue.sent).toEqual([]);
  const { row } = await cell.people.read(person.id);
  expect(row).toMatchObject({ dirty: true, settledEtag: '', appliedEtag: person.source?.etag });
});

it('an event that can’t be left to a sweep, as the row can’t be written, comes back', async () => {
  const { control } = laboratory;
  const [person] = (await control.addUsers(1, 'ordinary')) as [SimPerson];
  const { ServiceFailure } = await import('../../src/errors.js');
  const people: PersonTable = {
    ...createPersonTable(memoryTable()),
    overwrite: () => Promise.reject(new ServiceFailure('storage', 'Storage is not well (503).')),
  };
  const cell = laboratory.cell(person, { people });
  await control.addFault({ service: 'graph', match: `/users/${person.id}/photo$`, status: 503 });
  await cell.apply({ cause: 'sweep', force: true, attempt: 5 });
  expect(cell.queue.sent).toMatchObject([{ event: { cause: 'sweep', force: true, attempt: 6 } }]);
});

it('while writing is stopped, nobody becomes unfinished who is left alone anyway', async () => {
  const [person] = (await laboratory.control.addUsers(1, 'guest')) as [SimPerson];
  await laboratory.control.putPhoto(person.id, { drawing: 'guest', notify: false });
  const cell = laboratory.cell(person, { stop: { code: 'breaker', reason: 'Too many removals.' } });
  await cell.apply({});
  expect((await cell.people.read(person.id)).row).toMatchObject({
    plan: 'skip',
    code: 'guest',
    dirty: false,
  });
});

it.each([
  { what: 'writing is stopped', stop: { code: 'breaker', reason: 'Too many removals.' } as const },
  { what: 'a file is locked', fault: { match: '_SThumb', status: 423 } },
])(
  'a photo that is seen is not gone for the next doubt, also where it is not written because $what',
  async ({ stop, fault }) => {
    const { control } = laboratory;
    const { person, people } = await doubted();
    await control.putPhoto(person.id, { drawing: 'another', notify: false });
    if (fault) await control.addFault({ service: 'mysite', ...fault });
    await laboratory.cell(person, { people, ...(stop && { stop }) }).apply({});
    expect((await people.read(person.id)).row).toMatchObject({ doubt: '', doubtSince: '', dirty: true });
  },
);

it('a picture that was cleared once is not cleared again by a single look, where the write of the next was cut off', async () => {
  const { control } = laboratory;
  const [person] = (await control.addUsers(1, 'ordinary')) as [SimPerson];
  const cell = laboratory.cell(person);
  await cell.apply({});
  // As an unusable photo leaves it that came before the files were due.
  await cell.people.overwrite(person.id, { filesDueAt: new Date(begin - 24 * hourMs).toISOString() });
  await control.putPhoto(person.id, { drawing: 'another', notify: false });
  await control.addFault({ service: 'admin', match: 'ProcessQuery', status: 503 });
  await cell.apply({});
  await control.clearFaults();
  await hidePhoto(person);
  await cell.apply({ force: true });
  expect((await control.user(person.id)).sharePoint?.pictureUrl).toContain(person.id);
  expect((await cell.people.read(person.id)).row).toMatchObject({ doubt: 'removed', filesDueAt: '' });
});

it('a check that was cut off and then fails has nothing written again', async () => {
  const { control } = laboratory;
  const [person] = (await control.addUsers(1, 'ordinary')) as [SimPerson];
  const cell = laboratory.cell(person);
  await cell.apply({});
  await control.addFault({ service: 'mysite', status: 503 });
  await cell.apply({ cause: 'check', attempt: 5 }, { dequeueCount: 2 });
  expect(cell.queue.sent).toEqual([]);
  expect((await cell.people.read(person.id)).row).toMatchObject({ dirty: false });
});

it('a photo that was announced is written, though it failed for three days and a sweep met its person meanwhile', async () => {
  const { control } = laboratory;
  const { person, sweep, pass, waiting, row, receive } = await meet();
  await control.addFault({ service: 'graph', match: `/users/${person.id}/photo$`, status: 403 });
  await sweep({ isBaseline: true });
  expect(await row()).toMatchObject({ code: 'baseline', seenEtag: '' });
  await receive();
  await pass(4 * 24 * hourMs);
  expect(waiting).toEqual([]);
  await control.clearFaults();
  await sweep();
  await pass(hourMs);
  expect(await row()).toMatchObject({ dirty: false, appliedEtag: person.source?.etag });
});

it('while writing is stopped, no photo is read of whom sweeps send again, and what was seen is noted', async () => {
  const { control } = laboratory;
  const [person] = (await control.addUsers(1, 'ordinary')) as [SimPerson];
  const cell = laboratory.cell(person, { stop: { code: 'breaker', reason: 'Too many removals.' } });
  const since = await control.lastRequest();
  for (let sweeps = 0; sweeps < 3; sweeps++) await cell.apply({ cause: 'sweep' });
  const paths = (await control.requests(since)).map(({ path }) => path);
  // Besides, once, whether this person is left alone.
  expect(paths).toEqual(['/photo', '/$batch', '/photo', '/photo'].map((end) => expect.stringContaining(end)));
  expect((await control.requests(since)).flatMap(({ inner }) => inner ?? [])).toHaveLength(1);
  expect((await cell.people.read(person.id)).row).toMatchObject({
    ...{ plan: 'stop', code: 'breaker', dirty: true, seenEtag: person.source?.etag },
  });
  expect(cell.queue.sent).toEqual([]);
});

it.each([
  { who: 'somebody who was written', kind: 'ordinary', cause: 'sweep' },
  { who: 'somebody without a profile', kind: 'no-profile', cause: 'deferred' },
] as const)('of several events of sweeps about $who one is worked on', async ({ kind, cause }) => {
  const { control } = laboratory;
  const [person] = (await control.addUsers(1, kind)) as [SimPerson];
  const later = new Date(begin + hourMs);
  const cell = laboratory.cell(person, { people: createPersonTable(memoryTable(() => later)) });
  const delivery = { insertedAt: new Date(begin) };
  await cell.apply({ cause }, delivery);
  const since = await control.lastRequest();
  for (let more = 0; more < 3; more++) await cell.apply({ cause }, delivery);
  expect(await control.requests(since)).toEqual([]);
  await cell.apply({ cause }, { insertedAt: new Date(begin + 2 * hourMs) });
  expect(await control.requests(since)).not.toEqual([]);
});

/** A person whose app has asked nothing yet, and counts the writes of the day. @returns also how many it has counted. */
async function counted(kind: PersonKind) {
  const [person] = (await laboratory.control.addUsers(1, kind)) as [SimPerson];
  const table = memoryTable();
  const gate = gateOf({ control: createControlTable(table), scope: everyoneInScope, table });
  const own = { AZURE_CLIENT_ID: randomUUID(), REMOVAL_CONFIRM_AFTER: '0s', REMOVED_FILES_AFTER: '0s' };
  const cell = laboratory.cell(person, { own, gate });
  return { person, cell, writes: () => table.rows.get('budget/sharepoint')?.columns.writes };
}

it.each([
  { what: 'SharePoint is down', kind: 'ordinary', at: 'GetPropertiesFor', then: 0 },
  { what: 'the folder can’t be told', kind: 'ordinary', at: '/Folders', then: 0 },
  { what: 'there is no profile', kind: 'no-profile', at: undefined, then: 0 },
  { what: 'the first file may be there', kind: 'ordinary', at: '_SThumb', then: 3 },
  { what: 'the first file is refused', kind: 'ordinary', at: '_SThumb', status: 423, then: 0 },
  { what: 'the second file is refused', kind: 'ordinary', at: '_MThumb', status: 423, then: 3 },
] as const)(
  'of three tries the day counts $then as writes where $what',
  async ({ kind, at, then, ...by }) => {
    const { status } = { status: 503, ...by };
    const { person, cell, writes } = await counted(kind);
    const pattern = at === 'GetPropertiesFor' ? at : at && `^(GET|POST) \\S+${at}`;
    if (pattern) {
      for (const service of ['admin', 'mysite'] as const)
        await laboratory.control.addFault({ service, match: pattern, status });
    }
    for (let tries = 0; tries < 3; tries++) await cell.apply({ force: true });
    expect(writes()).toBe(then);
    if (kind === 'no-profile') return;
    await laboratory.control.clearFaults();
    await cell.apply({ force: true });
    expect(await laboratory.control.user(person.id)).toMatchObject({ inSync: true });
    expect(writes()).toBe(then + 1);
  },
);

it('the day counts a removal once, and neither the tries before it nor the files after it', async () => {
  const { control } = laboratory;
  const { person, cell, writes } = await counted('ordinary');
  await cell.apply({});
  await control.deletePhoto(person.id);
  await cell.apply({});
  await control.addFault({ service: 'admin', match: 'GetPropertiesFor', status: 503 });
  for (let tries = 0; tries < 3; tries++) await cell.apply({ cause: 'confirm' });
  expect(writes()).toBe(1);
  await control.clearFaults();
  await cell.apply({ cause: 'confirm' });
  expect((await control.user(person.id)).sharePoint?.pictureUrl).toBe('');
  expect(writes()).toBe(2);
  await cell.apply({ cause: 'files' });
  expect((await cell.people.read(person.id)).row).toMatchObject({ dirty: false, filesDueAt: '' });
  expect(writes()).toBe(2);
});

it('a file that a late request brings back after a removal goes again when the event behind it is delivered again', async () => {
  const { control, hosts } = laboratory;
  const [person] = (await control.addUsers(1, 'ordinary')) as [SimPerson];
  const own = { REMOVAL_CONFIRM_AFTER: '0s', REMOVED_FILES_AFTER: '0s' };
  const cell = laboratory.cell(person, { own });
  await cell.apply({});
  const { profiles } = laboratory.app(own).tenant;
  const name = pictureFileName(person.id, 'S');
  const folder = await profiles.pictureFolder(hosts.mysite);
  const bytes = await profiles.readPicture(hosts.mysite, folder, name);
  const isThere = async () => (await profiles.readPicture(hosts.mysite, folder, name)) !== undefined;
  const remove = async (delivery?: Partial<Delivery>) => {
    await cell.apply({ cause: 'notification' }, delivery);
    await cell.apply({ cause: 'confirm' });
    await cell.apply({ cause: 'files' });
  };
  await control.deletePhoto(person.id);
  await remove();
  expect(await isThere()).toBe(false);

  await profiles.putPicture(hosts.mysite, folder, name, bytes as Buffer, 'image/jpeg');
  await cell.apply({ cause: 'sweep' });
  expect(await isThere()).toBe(true);
  await remove({ dequeueCount: 2 });
  expect(await isThere()).toBe(false);
  expect((await cell.people.read(person.id)).row).toMatchObject({
    ...{ code: 'no-photo', dirty: false, doubt: '', filesDueAt: '', nextLookAt: '' },
  });
});

import { randomUUID } from 'node:crypto';
import type { JudgedEntry } from '../chaos/judge-history';
import type { ServiceFault, SimPerson } from '../support/control-api';
import { allFailures, failures, type Failure } from './failing/failures';
import { openLaboratory, type Cell, type Laboratory } from './failing/laboratory';
import { expected, requestRows, type RequestRow } from './failing/requests';
import { tinyJpeg } from './property/tiny-jpeg';

/*
 * Each request of applying a photo fails in each way, once, against the app's real code and clients and a real HTTPS
 * tenant. What the app then does is one of three: the event comes back as a copy that costs no try, it is tried again by
 * the queue, or it ends with a plan. And whatever it was, once the fault is gone SharePoint shows the photo.
 */

const atOnce = 12;
const atOnceWaiting = 45;

interface Try {
  row: RequestRow;
  failure: Failure;
  cell: Cell;
  fault: ServiceFault;
  /** What became of the event. */
  outcome?: string;
  /** What became of its copy or redelivery, or of the next sweep. */
  afterwards?: { person: SimPerson; appliedEtag: string | undefined; dirty: boolean | undefined };
}

let laboratory: Laboratory;
let tries: Try[];
let history: JudgedEntry[];

beforeAll(async () => {
  laboratory = await openLaboratory({ RETRY_SECONDS: '60,120' });
  tries = await prepare();
  const { control } = laboratory;
  const byThemselves = tries.filter(({ row }) => row.isNameless);
  const together = tries.filter(({ row }) => !row.isNameless);
  const [unanswered, answered] = [true, false].map((is) =>
    together.filter(({ failure }) => (failure === 'no answer') === is),
  ) as [Try[], Try[]];

  await control.putFaults(together.map(({ fault }) => fault));
  // Alone, since they have little time.
  await each(unanswered, atOnce, meetTheFault);
  // The identity's own client waits between its tries.
  await each(
    answered.filter(({ row }) => row.isToken),
    atOnceWaiting,
    meetTheFault,
  );
  await each(
    answered.filter(({ row }) => !row.isToken),
    atOnce,
    meetTheFault,
  );
  for (const one of byThemselves) {
    await control.putFaults([one.fault]);
    await meetTheFault(one);
  }
  await control.putFaults([]);
  await each(tries, atOnce, goOn);
  history = await control.history(0, 100_000);
}, 180_000);

afterAll(() => laboratory.end());

/** A person for each, with a photo that costs the tenant no drawing. */
async function prepare(): Promise<Try[]> {
  const { control, hosts } = laboratory;
  const pairs = requestRows.flatMap((row) => allFailures.map((failure) => ({ row, failure })));
  const people = await control.addUsers(pairs.length, 'no-photo');
  const prepared = pairs.map(({ row, failure }, index): Try => {
    const person = people[index]!;
    const clientId = randomUUID();
    const fault = {
      ...row.at({ personId: person.id, userPrincipalName: person.userPrincipalName, clientId, hosts }),
      ...failures[failure],
    };
    const cell = laboratory.cell(person, {
      ...(row.isToken && { AZURE_CLIENT_ID: clientId }),
      ...(failure === 'no answer' && { REQUEST_TIMEOUT_SECONDS: '3' }),
    });
    return { row, failure, cell, fault };
  });
  await each(prepared, atOnce, ({ cell }) => givePhoto(cell.person.id));
  return prepared;
}

function givePhoto(id: string) {
  return laboratory.control.putPhoto(id, {
    raw: tinyJpeg(48, 48, id),
    width: 648,
    height: 648,
    notify: false,
  });
}

async function meetTheFault(one: Try): Promise<void> {
  const { cell } = one;
  try {
    await cell.apply({});
  } catch {
    one.outcome = 'is tried again';
    return;
  }
  const [sent] = cell.queue.sent;
  if (sent) {
    // A date is in whole seconds, so it may stand for a little less.
    const seconds = sent.delaySeconds >= 27 && sent.delaySeconds <= 30 ? 30 : sent.delaySeconds;
    one.outcome = `comes back after ${String(seconds)} s${sent.event.force ? ', forced' : ''}`;
    return;
  }
  const { row } = await cell.people.read(cell.person.id);
  one.outcome = `ends with the plan ${row?.plan ?? 'none'}`;
}

/** The copy comes, or the queue's next try; after a plan, a sweep, if it finds that the row is not of this photo. */
async function goOn(one: Try): Promise<void> {
  const { cell, outcome = '' } = one;
  const { id } = cell.person;
  const [sent] = cell.queue.sent;
  const { etag } = (await laboratory.control.user(id)).source!;
  if (sent) await cell.apply(sent.event);
  else if (outcome === 'is tried again') await cell.apply({}, { dequeueCount: 2 });
  else {
    const { row } = await cell.people.read(id);
    if (row?.dirty || row?.settledEtag !== etag) await cell.apply({ cause: 'sweep' });
  }
  const { row } = await cell.people.read(id);
  const person = await laboratory.control.user(id);
  one.afterwards = { person, appliedEtag: row?.appliedEtag, dirty: row?.dirty };
}

describe.each(requestRows)('$request fails', (row) => {
  it.each(allFailures.map((failure) => ({ failure, then: expected(row, failure) })))(
    'with $failure: the event $then',
    ({ failure, then }) => {
      const { outcome, afterwards } = tries.find((one) => one.row === row && one.failure === failure)!;
      expect(outcome).toBe(then);
      const { person, appliedEtag, dirty } = afterwards!;
      expect(person.inSync).toBe(true);
      expect(person.sharePoint?.pictureUrl).toContain(`m365-${person.id}_MThumb`);
      expect({ appliedEtag, dirty }).toEqual({ appliedEtag: person.source?.etag, dirty: false });
    },
  );
});

it('writes nothing but everybody’s own three files, whatever fails', () => {
  const files = history.flatMap((entry) => (entry.kind === 'file' ? [entry] : []));
  expect(files.length).toBeGreaterThan(3 * tries.length);
  expect(files.filter(({ etag, over }) => etag === null || over === 'sharepoint')).toEqual([]);
  expect(history.filter(({ kind }) => kind === 'file-removed')).toEqual([]);
});

/** So many at a time. */
async function each<T>(
  list: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<unknown>,
): Promise<void> {
  const left = [...list];
  const one = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

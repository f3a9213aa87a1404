import { randomUUID } from 'node:crypto';
import type { JudgedEntry } from '../chaos/judge-history';
import type { ServiceFault, SimPerson } from '../support/control-api';
import { eventually } from '../support/eventually';
import { allFailures, failures, type Failure } from './failing/failures';
import { openLaboratory, type Cell, type Laboratory } from './failing/laboratory';
import { expectDone, paths, stages, type Ending, type Path } from './failing/paths';
import { expected, requestRows, type RequestRow } from './failing/requests';

/*
 * Each request of what the app does about a person fails in each way, once, against the app's real code and clients and a
 * real HTTPS tenant. What the app then does is one of three: the event comes back as a copy that costs no try, it is tried
 * again by the queue, or it ends with a plan. And whatever it was, once the fault is gone the work gets done.
 */

const atOnce = 12;
const fewAtOnce = 4;
/** Of those who wait for an answer that never comes, or whose identity client waits between its tries. */
const timeLimitSeconds = '8';

interface Try {
  row: RequestRow;
  failure: Failure;
  cell: Cell;
  fault: ServiceFault;
  /** What became of the event. */
  outcome?: string;
  ending?: Ending;
}

let laboratory: Laboratory;
let tries: Try[];
let history: JudgedEntry[];

beforeAll(async () => {
  laboratory = await openLaboratory({
    ...{ RETRY_SECONDS: '60,120', REMOVAL_CONFIRM_AFTER: '0s', REMOVED_FILES_AFTER: '0s' },
  });
  tries = [];
  for (const stage of stages) {
    const ofStage = await prepare(stage);
    tries.push(...ofStage);
    await play(ofStage);
  }
  history = await laboratory.control.history(0, 100_000);
}, 180_000);

afterAll(() => laboratory.end());

/** Each with a person who is where the path begins. */
async function prepare(stage: Path[]): Promise<Try[]> {
  const { control, hosts } = laboratory;
  const rows = requestRows.filter(({ path }) => stage.includes(path));
  const pairs = rows.flatMap((row) => allFailures.map((failure) => ({ row, failure })));
  const count = pairs.filter(({ row }) => !paths[row.path].after).length;
  const newcomers = count > 0 ? await control.addUsers(count, 'no-photo') : [];
  const ended = tries.map(({ row, cell }) => ({ path: row.path, cell }));
  const next = (path: Path): Cell => {
    const { after } = paths[path];
    if (!after) return laboratory.cell(newcomers.shift()!);
    const index = ended.findIndex((one) => one.path === after);
    return ended.splice(index, 1)[0]!.cell;
  };

  const prepared: Try[] = [];
  const begun = pairs.map(({ row, failure }) => ({ row, failure, before: next(row.path) }));
  await each(begun, async ({ row, failure, before: { person, people } }) => {
    await paths[row.path].prepare(laboratory.cell(person, { people }), laboratory);
    const clientId = randomUUID();
    const fault = {
      ...row.at({ personId: person.id, userPrincipalName: person.userPrincipalName, clientId, hosts }),
      ...failures[failure],
      // The identity's own client waits that long, also when the test is over.
      ...(row.isToken && 'retryAfterSeconds' in failures[failure] && { retryAfterSeconds: 7 }),
    };
    const cell = laboratory.cell(person, {
      own: {
        ...((row.isToken ?? row.isRemembered) && { AZURE_CLIENT_ID: clientId }),
        ...(((row.isToken ?? false) || failure === 'no answer') && {
          REQUEST_TIMEOUT_SECONDS: timeLimitSeconds,
        }),
      },
      mustReadBack: row.path === 'reading back a first write',
      people,
    });
    prepared.push({ row, failure, fault, cell });
  });
  return prepared;
}

/** Everybody’s request fails; then all is well again. */
async function play(list: Try[]): Promise<void> {
  const { control } = laboratory;
  const together = list.filter(({ row }) => !row.isNameless);
  const isWaiting = ({ row, failure }: Try) => row.isToken === true || failure === 'no answer';
  const [waiting, atOnceAnswered] = [together.filter(isWaiting), together.filter((one) => !isWaiting(one))];
  await control.putFaults(together.map(({ fault }) => fault));
  const unanswered: Promise<void>[] = [];
  // Before the others take their turn, and a few at a time: what they ask first has the same time limit, and on a busy
  // machine all of them together would use it up.
  for (let begun = 0; begun < waiting.length; begun += fewAtOnce) {
    unanswered.push(...waiting.slice(begun, begun + fewAtOnce).map(meetTheFault));
    await haveAsked(waiting.slice(0, begun + fewAtOnce));
  }
  await each(atOnceAnswered, meetTheFault);
  // Whoever waits for a token asks once more.
  const staying = waiting.map(({ fault }) => fault);
  unanswered.push(
    ...(await meetNamelessFaults(
      list.filter(({ row }) => row.isNameless),
      staying,
    )),
  );
  const etags = new Map((await control.users()).map(({ id, source }) => [id, source?.etag]));
  const goOnAll = (some: Try[]) => each(some, (one) => goOn(one, etags.get(one.cell.person.id)));
  // What stays in force concerns only those who may still wait, so the others need not wait for them.
  await control.putFaults(staying);
  await Promise.all([goOnAll(list.filter((one) => !isWaiting(one))), ...unanswered]);
  await control.putFaults([]);
  await goOnAll(list.filter(isWaiting));
  await lookAtTheEnd(list);
}

/**
 * Of each kind of request and failure by itself.
 * @returns those who still wait for an answer.
 */
async function meetNamelessFaults(list: Try[], staying: ServiceFault[]): Promise<Promise<void>[]> {
  const unanswered: Promise<void>[] = [];
  const isHang = ({ failure }: Try) => failure === 'no answer';
  const groups = new Map<string, Try[]>();
  // Those who wait longest come first.
  for (const one of [...list.filter(isHang), ...list.filter((other) => !isHang(other))]) {
    const key = JSON.stringify(one.fault);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const group of groups.values()) {
    const [first] = group;
    await laboratory.control.putFaults([...staying, first!.fault]);
    const met = group.map(meetTheFault);
    if (!isHang(first!)) {
      await Promise.all(met);
      continue;
    }
    unanswered.push(...met);
    await haveAsked(group);
  }
  return unanswered;
}

/** Until the request of each has met its fault. */
async function haveAsked(list: Try[]): Promise<void> {
  const wanted = new Map<string, number>();
  const keyOf = ({ service, match, skip }: Partial<ServiceFault>) => [service, match, skip].join(' ');
  for (const { fault } of list) wanted.set(keyOf(fault), (wanted.get(keyOf(fault)) ?? 0) + 1);
  await eventually('all have asked', async () => {
    for (const fault of await laboratory.control.faults()) {
      const key = keyOf(fault);
      if (fault.hits >= (wanted.get(key) ?? 0)) wanted.delete(key);
    }
    return wanted.size === 0;
  });
}

async function meetTheFault(one: Try): Promise<void> {
  const { cell, row } = one;
  try {
    await cell.apply({ cause: paths[row.path].cause });
  } catch {
    one.outcome = 'is tried again';
    return;
  }
  const copy = copyOf(cell);
  if (copy) {
    // A date is in whole seconds, so it may stand for a little less.
    const seconds = copy.delaySeconds >= 27 && copy.delaySeconds <= 30 ? 30 : copy.delaySeconds;
    one.outcome = `comes back after ${String(seconds)} s${copy.event.force ? ', forced' : ''}`;
    return;
  }
  const { row: person } = await cell.people.read(cell.person.id);
  one.outcome = `ends with the plan ${person?.plan ?? 'none'}`;
}

/** Not what is due later by itself: a confirmation, the removal of files. */
const copyOf = ({ queue }: Cell) =>
  queue.sent.find(({ event }) => event.attempt > 0 || event.cause === 'retry');

/** The copy comes, or the queue's next try; then, until the work is done, whoever finds that it isn't. */
async function goOn({ row: { path }, cell, outcome }: Try, etag: string | undefined): Promise<void> {
  const { cause, causeLater, isDone } = paths[path];
  const copy = copyOf(cell);
  if (copy) await cell.apply(copy.event);
  else if (outcome === 'is tried again') await cell.apply({ cause }, { dequeueCount: 2 });
  for (let more = 0; more < 2; more++) {
    const { row } = await cell.people.read(cell.person.id);
    if (row && isDone(row, etag)) return;
    await cell.apply({ cause: causeLater });
  }
}

async function lookAtTheEnd(list: Try[]): Promise<void> {
  const people = new Map((await laboratory.control.users()).map((person) => [person.id, person]));
  const files = (await laboratory.control.files()).map(({ path }) => path);
  await each(list, async (one) => {
    const { id } = one.cell.person;
    const person = people.get(id) as SimPerson;
    const { row } = await one.cell.people.read(id);
    one.ending = { person, row, ownFiles: files.filter((path) => path.includes(`m365-${id}_`)) };
  });
}

const isKept = ({ keepsFile }: RequestRow, failure: Failure) => keepsFile?.includes(failure) === true;

describe.each(requestRows)('$path: $request fails', (row) => {
  it.each(allFailures.map((failure) => ({ failure, then: expected(row, failure) })))(
    'with $failure: the event $then',
    ({ failure, then }) => {
      const { outcome, ending } = tries.find((one) => one.row === row && one.failure === failure)!;
      expect(outcome).toBe(then);
      expectDone(row.path, ending!, isKept(row, failure));
    },
  );
});

it('says why a file of the app’s own stays', () => {
  const refused = tries.filter(({ row, failure }) => isKept(row, failure) && failure !== '404');
  expect(refused).toHaveLength(9);
  for (const { ending } of refused) {
    expect(ending?.row?.reason).toContain('a retention policy or a lock keeps them');
  }
});

it('writes nothing but everybody’s own three files, and removes no others, whatever fails', () => {
  const files = history.flatMap((entry) => (entry.kind === 'file' ? [entry] : []));
  const written = tries.filter(({ row }) => !paths[row.path].after);
  expect(files.length).toBeGreaterThan(3 * written.length);
  expect(files.filter(({ etag, over }) => etag === null || over === 'sharepoint')).toEqual([]);

  const isToRemove = ({ row: { path } }: Try) => path === 'removing the files' || path === 'restoring';
  const own = tries.filter(isToRemove);
  const kept = own.filter(({ row, failure }) => isKept(row, failure));
  const removed = history.flatMap((entry) => (entry.kind === 'file-removed' ? [entry] : []));
  expect(removed).toHaveLength(3 * own.length - kept.length);
  const ids = new Set(own.map(({ cell }) => cell.person.id));
  const isOwn = (path: string) => ids.has(/m365-(.{36})_[SML]Thumb\.jpg$/.exec(path)?.[1] ?? '');
  expect(removed.filter(({ path, writtenBy }) => writtenBy !== 'app' || !isOwn(path))).toEqual([]);
});

/** So many at a time. */
async function each<T>(list: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const left = [...list];
  const one = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

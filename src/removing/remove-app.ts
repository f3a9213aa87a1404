import { randomUUID } from 'node:crypto';
import type { Log } from '../log';
import type { PhotoEvent } from '../photos/photo-event';
import type { EventQueue } from '../storage/event-queue';
import { queueNames } from '../storage/names';
import { personPartitions, type PersonTable } from '../storage/person-table';
import type { RemovalRow, RemovalTable } from '../storage/removal-table';
import { decideLeftOver } from './decide-left-over';

export interface RemoveAppDeps {
  settings: { restoresAll: boolean; sweep: { runMs: number } };
  people: Pick<PersonTable, 'listPartition'>;
  removals: RemovalTable;
  queue: Pick<EventQueue, 'send' | 'hasWaiting'>;
  /** Deletes the app's subscriptions. @returns how many may be left. */
  removeSubscriptions(): Promise<number>;
  log: Log;
  /** Milliseconds of a clock that no one can set. */
  monotonicMs: () => number;
}

const sendsAtOnce = 16;

/**
 * One run of taking the app out: its subscriptions go, and a part of the people's rows is gone through. With REMOVE_RESTORE,
 * an event is queued for everybody who still has something of the app. A next round through all rows begins only when
 * none of those events waits any more, and the first round that finds nothing open ends it, on record.
 *
 * Where REMOVE_RESTORE has changed, it begins anew, and what was on record of before counts no longer.
 *
 * Everything may be cut off and done again: whoever was queued twice is restored once.
 * @throws ServiceFailure
 */
export async function removeApp(deps: RemoveAppDeps): Promise<void> {
  const { settings, removals } = deps;
  const subscriptionsLeft = await deps.removeSubscriptions();
  const round = await beginOrGoOn(deps);
  if (!round) return;
  const { row } = round;
  let { token } = round;
  const startedAt = deps.monotonicMs();
  while (row.partition < personPartitions.length) {
    if (deps.monotonicMs() - startedAt > settings.sweep.runMs) return;
    await goThroughPartition(deps, row);
    token = await removals.write(token, row);
    // Another run is at it as well: that one goes on.
    if (token === undefined) return;
  }
  await conclude(deps, row, subscriptionsLeft);
}

type Round = { row: RemovalRow; token: string | undefined } | undefined;

async function beginOrGoOn({ settings, removals, queue, log }: RemoveAppDeps): Promise<Round> {
  const { restoresAll } = settings;
  const { row, token, readAt } = await removals.read();
  const isSame = row?.restoresAll === restoresAll;
  if (isSame && row.partition < personPartitions.length) return { row, token };
  const none = { restored: 0, notRestored: 0, open: 0 };
  // First the record: a `doneAt` of before must not stand while anything is still to be done.
  if (!isSame && (await removals.readRecord()).record) {
    await removals.record({ doneAt: '', restoresAll, subscriptionsLeft: 0, ...none });
  }
  // Only what waits counts: what the app put off while it wrote may be delayed for days. A restore that fails is delayed
  // as well, and each round may send another; but none comes back more often than RETRY_SECONDS says.
  if (row && (await queue.hasWaiting(queueNames.photoChangedBacklog))) {
    log.info('removal-waiting', { reason: 'Events of the last round still wait in the queue.' });
    return undefined;
  }
  const startedAt = (isSame && row.startedAt) || readAt.toISOString();
  const next: RemovalRow = { startedAt, restoresAll, partition: 0, ...none };
  const written = await removals.write(token, next);
  return written === undefined ? undefined : { row: next, token: written };
}

/** Queues what is to be done, then counts: the count is on record only when all events are in the queue. */
async function goThroughPartition(
  { settings, people, queue }: RemoveAppDeps,
  row: RemovalRow,
): Promise<void> {
  const facts = { restoresAll: settings.restoresAll, since: new Date(row.startedAt) };
  const found = await people.listPartition(personPartitions[row.partition] ?? '');
  const events: PhotoEvent[] = [];
  for (const { id, row: person } of found) {
    const left = decideLeftOver(person, facts);
    if (left === 'restored') row.restored += 1;
    if (left === 'not-restored') row.notRestored += 1;
    if (left === 'open') {
      const correlationId = randomUUID();
      events.push({ personId: id, cause: 'restore', force: false, attempt: 0, correlationId });
    }
  }
  for (let from = 0; from < events.length; from += sendsAtOnce) {
    const some = events.slice(from, from + sendsAtOnce);
    await Promise.all(some.map((event) => queue.send(queueNames.photoChangedBacklog, event)));
  }
  row.open += events.length;
  row.partition += 1;
}

async function conclude(
  { removals, log }: RemoveAppDeps,
  { restoresAll, restored, notRestored, open }: RemovalRow,
  subscriptionsLeft: number,
): Promise<void> {
  const { record: before, readAt } = await removals.readRecord();
  const isDone = open === 0 && subscriptionsLeft === 0;
  const counts = { subscriptionsLeft, restored, notRestored, open };
  const doneAt = isDone ? before?.doneAt || readAt.toISOString() : '';
  await removals.record({ doneAt, restoresAll, ...counts });
  if (!isDone) log.info('removal-goes-on', counts);
  else if (!before?.doneAt) log.info('removal-done', { doneAt, ...counts });
}

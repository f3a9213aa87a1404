import { setTimeout as sleep } from 'node:timers/promises';
import { tableNames } from '../storage/names';
import { personPartitions } from '../storage/person-table';
import type { RemovalRecord } from '../storage/removal-table';
import { statusOf, storageFailure } from '../storage/storage-failure';
import { isRemoved } from './decide-uninstalled';
import type { AdminStorage } from './open-storage';
import type { Output } from './output';

type Storage = Pick<AdminStorage, 'clients' | 'removals'>;

const pollMs = 2000;

/**
 * Waits until the app says so in a record of later than `since`: one of an earlier removal says nothing of today, nor
 * does one that the app leaves before it knows that everybody is to be restored.
 * @param asked.since Storage's time.
 * @returns the record; undefined where the time was not enough.
 */
export async function waitUntilRemoved(
  { clients, removals }: Storage,
  output: Output,
  { since, restores, waitSeconds }: { since: Date; restores: boolean; waitSeconds: number },
): Promise<RemovalRecord | undefined> {
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    const [{ record }, writtenAt, { row }] = await Promise.all([
      removals.readRecord(),
      recordWrittenAt({ clients }),
      removals.read(),
    ]);
    const isAsAsked = !restores || record?.restoresAll === true;
    const isOfNow = isAsAsked && writtenAt !== undefined && writtenAt >= since;
    if (isOfNow && isRemoved(record, undefined)) return record;
    if (isOfNow && record) {
      const { restored, notRestored, open, subscriptionsLeft } = record;
      output.progress(
        `The app is at it: ${String(restored)} restored, ${String(notRestored)} left, ${String(open)} open, ${String(subscriptionsLeft)} subscriptions left`,
      );
    } else {
      const part = row ? Math.round((row.partition / personPartitions.length) * 100) : 0;
      output.progress(
        `Waiting for the app's timer, which comes every quarter of an hour (${String(part)} % of the rows)`,
      );
    }
    if (performance.now() > until) return undefined;
    await sleep(pollMs);
  }
}

/** Storage notes when a row was written. */
async function recordWrittenAt({ clients }: Pick<Storage, 'clients'>): Promise<Date | undefined> {
  try {
    const row = await clients.tableClient(tableNames.control).getEntity('control', 'removed');
    return row.timestamp === undefined ? undefined : new Date(row.timestamp);
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw storageFailure(`reading the table ${tableNames.control}`, error);
  }
}

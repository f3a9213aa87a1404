import { openClients, openStorage } from '../../storage/open-storage';
import { tableNames } from '../../storage/names';
import type { AppState } from '../control/app-state';

const shownRecords = 5;
const mostRemovals = 50;

/** Reads what the app keeps about its own work, for the page: from its tables, as the app itself does. */
export function openAppState(connectionString: string): () => Promise<AppState> {
  const environment = { PhotoSyncStorage: connectionString };
  const { sweeps, subscriptions, control } = openStorage(environment);
  const people = openClients(environment).tableClient(tableNames.people);

  async function removals(): Promise<AppState['removals']> {
    const filter = "doubt eq 'removed' or filesDueAt gt ''";
    const select = ['RowKey', 'doubt', 'doubtSince', 'filesDueAt'];
    const pages = people
      .listEntities({ queryOptions: { filter, select } })
      .byPage({ maxPageSize: mostRemovals });
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    for await (const page of pages) {
      return page.map(({ rowKey, doubt, doubtSince, filesDueAt }) => ({
        personId: text(rowKey),
        since: doubt === 'removed' ? text(doubtSince) : '',
        filesDueAt: text(filesDueAt),
      }));
    }
    return [];
  }

  return async () => {
    const [{ row }, records, { rows }, { breaker, pausedBecause }, waiting] = await Promise.all([
      sweeps.read(),
      sweeps.records(),
      subscriptions.list(),
      control.read(),
      removals(),
    ]);
    return {
      sweep: row === undefined ? null : { ...row, seen: row.counts.seen, peopleBefore: row.people },
      records: records
        .slice(0, shownRecords)
        .map(({ counts, ...record }) => ({ ...record, counts: { ...counts, skipped: undefined } })),
      subscriptions: rows.map(({ subscriptionId, validUntil, renewedAt }) => ({
        id: subscriptionId ?? '',
        validUntil: validUntil.toISOString(),
        renewedAt: renewedAt?.toISOString() ?? '',
      })),
      removals: waiting,
      breaker: breaker.row?.stopId ? breaker.row : null,
      pausedBecause: pausedBecause ?? '',
    };
  };
}

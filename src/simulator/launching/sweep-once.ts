import { openStorage } from '../../storage/open-storage';
import type { LocalTenant } from '../local-tenant';
import { waitUntil } from './wait-until';

const withinMs = 120_000;

/**
 * Has the app sweep now, where its timer would do so within the hour: the first time it only records the photo that
 * everybody has, and writes what changes from here on.
 * @param onProgress how many the sweep has seen, of how many.
 * @returns false if it is not done yet; the app goes on by itself.
 */
export async function sweepOnce(
  { functionsUrl, pageUrl, storage }: LocalTenant,
  onProgress: (seen: number, people: number) => void,
): Promise<boolean> {
  const { sweeps } = openStorage({ PhotoSyncStorage: storage.connectionString });
  const before = (await sweeps.read()).row;
  const response = await fetch(`${functionsUrl}/admin/functions/sweep`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  if (response.status !== 202) throw new Error(`sweep could not be started: ${String(response.status)}.`);

  const people = await countPeople(pageUrl);
  return waitUntil(async () => {
    const { row } = await sweeps.read();
    const isNew = row !== undefined && (row.sweepId !== before?.sweepId || before.finishedAt === '');
    if (isNew) onProgress(row.counts.seen, people);
    return isNew && row.finishedAt !== '';
  }, withinMs);
}

async function countPeople(pageUrl: string): Promise<number> {
  const response = await fetch(`${pageUrl}/_sim/state`);
  return ((await response.json()) as { people: number }).people;
}

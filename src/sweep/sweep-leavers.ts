import { peopleABatch } from '../tenant/graph-looks';
import { forgetPast } from './forget-past';
import { decideRenewal } from './decide-renewal';
import { inParallel } from './in-parallel';
import type { SweepDeps } from './sweep-deps';

const batchesAtOnce = 4;

/**
 * Removes the rows of people whom no sweep has seen for long and whom Entra does not know any more, some partitions at
 * a time. Whoever is there after all, a guest for instance, is asked about again a while later. At the end, what the
 * breaker has counted of people goes as well, when it counts no longer.
 * @param fromPartition where to begin; empty for the first.
 * @param now Graph's time.
 * @returns where to go on; undefined after the last.
 * @throws ServiceFailure
 */
export async function sweepLeavers(
  { people, breaker, directory, settings }: Pick<SweepDeps, 'people' | 'breaker' | 'directory' | 'settings'>,
  fromPartition: string,
  now: Date,
): Promise<{ next: string | undefined; leavers: number; requests: number }> {
  const since = new Date(now.getTime() - settings.sweep.leaverRowsMs);
  const { unseen, next } = await people.listUnseen(fromPartition, since);
  const result = { next, leavers: 0, requests: 0 };
  const batches = Array.from({ length: Math.ceil(unseen.length / peopleABatch) }, (_, n) =>
    unseen.slice(n * peopleABatch, (n + 1) * peopleABatch),
  );
  await inParallel(batches, batchesAtOnce, async (batch) => {
    const gone = new Set(await directory.gone(batch.map(({ id }) => id)));
    result.requests += 1;
    for (const person of batch) {
      if (gone.has(person.id)) {
        await people.forget(person);
        result.leavers += 1;
        continue;
      }
      const { row, token } = await people.read(person.id);
      const columns = decideRenewal(row, now);
      if (columns.lastSeenOn) await people.write(person.id, token, columns);
    }
  });
  if (next === undefined) await forgetPast(breaker, now);
  return result;
}

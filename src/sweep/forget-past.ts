import type { BreakerTable } from '../storage/breaker-table';
import { inParallel } from './in-parallel';
import { freshPictures, isPast } from '../writing/decide-breaker';

const rowsAtOnce = 8;

/**
 * Takes from the breaker's rows what it no longer counts: parts of people's ids, when their photo came or went, and the
 * photos' hashes. Whoever notes something new drops only what lies in the same row. A row that somebody else writes
 * meanwhile is left to the next time.
 * @param now Graph's time; the hours of removals are in it.
 * @throws ServiceFailure
 */
export async function forgetPast(table: BreakerTable, now: Date): Promise<void> {
  for (const hour of await table.removalHours()) if (isPast(hour, now)) await table.removeRemovalHour(hour);
  const { rows, readAt } = await table.pictureRows();
  await inParallel(rows, rowsAtOnce, async ({ key, token, pictures }) => {
    const fresh = freshPictures(pictures, readAt);
    const [first] = fresh;
    if (!first) await table.removePictures(key, token);
    else if (countWearers(fresh) < countWearers(pictures) || fresh.length < pictures.length) {
      await table.writePictures(first.sha256, token, fresh);
    }
  });
}

const countWearers = (pictures: readonly { wearers: object }[]) =>
  pictures.reduce((sum, { wearers }) => sum + Object.keys(wearers).length, 0);

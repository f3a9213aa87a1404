import type { Mode } from '../config';
import type { Log } from '../log';
import type { HeartbeatTable } from '../storage/heartbeat-table';
import type { SweepTable } from '../storage/sweep-table';

export interface HeartbeatDeps {
  heartbeat: HeartbeatTable;
  sweeps: Pick<SweepTable, 'records'>;
  mode: Mode;
  log: Log;
}

const weekMs = 7 * 24 * 3_600_000;

/**
 * Once a week a line says that the app is alive and how it stands, also where nothing happens.
 * @throws ServiceFailure
 */
export async function tellHeartbeat({ heartbeat, sweeps, mode, log }: HeartbeatDeps): Promise<void> {
  const { toldAt, token, readAt } = await heartbeat.read();
  const agoMs = toldAt ? readAt.getTime() - toldAt.getTime() : weekMs;
  // One from the future, by whatever accident, is not waited for.
  if (agoMs >= 0 && agoMs < weekMs) return;
  const last = (await sweeps.records()).find(({ outcome }) => outcome === 'complete');
  // Another instance may have been faster.
  if ((await heartbeat.write(token, readAt)) === undefined) return;
  log.info('heartbeat', {
    mode,
    lastSweepAt: last?.finishedAt,
    people: last?.counts.seen,
    ours: last?.counts.ours,
  });
}

import { ServiceFailure } from '../errors';
import type { Log } from '../log';
import { config, monotonicMs, storage } from '../services';
import { keepDeps } from '../subscription/keep-deps';
import { removeSubscriptions } from '../subscription/remove-subscriptions';
import { removeApp } from './remove-app';

/** With SYNC_MODE=remove, what the timers do in place of their own work. They come again, so nothing is retried here. */
export async function handleRemoving(log: Log): Promise<void> {
  const [settings, { people, removals, queue }, subscriptions] = await Promise.all([
    config(),
    storage(),
    keepDeps(log),
  ]);
  if (!settings.rightsGranted) {
    log.warn('removal-waiting', { reason: 'RIGHTS_GRANTED is not true, so no token is asked for.' });
    return;
  }
  try {
    const removeAll = async () => ((await removeSubscriptions(subscriptions)).mayCome ? 1 : 0);
    await removeApp({
      settings,
      people,
      removals,
      queue,
      removeSubscriptions: removeAll,
      log,
      monotonicMs,
    });
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    log.error('removal-failed', { service: error.service, status: error.status, reason: error.message });
  }
}

import { InvalidSettings } from '../errors';
import { createLog, type LogTarget } from '../log';
import { config, storage, tenant } from '../services';
import { keepSubscription } from './keep-subscription';

/** The app's own settings and services, handed to `keepSubscription`. The timer comes again, so nothing is retried here. */
export async function handleKeepSubscription(target: LogTarget): Promise<void> {
  const log = createLog(target);
  try {
    const [settings, { subscriptions: rows }, { subscriptions: graph }] = await Promise.all([
      config(),
      storage(),
      tenant(),
    ]);
    await keepSubscription({ settings, rows, graph, log });
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    log.error('settings-invalid', { problems: error.problems });
  }
}

import { InvalidSettings } from '../errors';
import { createLog, type LogTarget } from '../log';
import { keepDeps } from './keep-deps';
import { keepSubscription } from './keep-subscription';

/** The timer comes again, so nothing is retried here. */
export async function handleKeepSubscription(target: LogTarget): Promise<void> {
  const log = createLog(target);
  try {
    await keepSubscription(await keepDeps(log));
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    log.error('settings-invalid', { problems: error.problems });
  }
}

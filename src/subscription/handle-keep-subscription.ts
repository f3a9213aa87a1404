import { InvalidSettings } from '../errors';
import { createLog, type LogTarget } from '../log';
import { keepDeps } from './keep-deps';
import { keepSubscription } from './keep-subscription';

/** The timer comes again, so nothing is retried here. */
export async function handleKeepSubscription(target: LogTarget): Promise<void> {
  const log = createLog(target);
  try {
    const deps = await keepDeps(log);
    if (deps.settings.mode === 'remove') {
      const { handleRemoving } = await import('../removing/handle-removing.js');
      await handleRemoving(log);
    } else await keepSubscription(deps);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    log.error('settings-invalid', { problems: error.problems });
  }
}

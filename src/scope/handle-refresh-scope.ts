import { InvalidSettings, ServiceFailure } from '../errors';
import { createLog, type LogTarget } from '../log';
import { config, storage, tenant } from '../services';
import { requestSweep } from '../sweep/start-sweep';
import { refreshScope } from './refresh-scope';

/** The app's own settings and services, handed to `refreshScope`. The timer comes again, so nothing is retried here. */
export async function handleRefreshScope(target: LogTarget): Promise<void> {
  const log = createLog(target);
  try {
    const settings = await config();
    const [{ memberships, sweeps, queue }, { groups }] = await Promise.all([storage(), tenant()]);
    const sweep = (reason: string) => requestSweep({ sweeps, queue, log }, reason);
    await refreshScope({ settings, memberships, groups, requestSweep: sweep, log });
  } catch (error) {
    if (error instanceof InvalidSettings) log.error('settings-invalid', { problems: error.problems });
    else if (error instanceof ServiceFailure) log.error('scope-not-read', { reason: error.message });
    else throw error;
  }
}

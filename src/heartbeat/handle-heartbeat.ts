import { InvalidSettings, ServiceFailure } from '../errors';
import { createLog, type LogTarget } from '../log';
import { config, storage } from '../services';
import { tellHeartbeat } from './tell-heartbeat';

/** The timer that asks for it comes again, so nothing is retried here; wrong settings are reported by the timer's own work. */
export async function handleHeartbeat(target: LogTarget): Promise<void> {
  const log = createLog(target);
  try {
    const [{ mode }, { heartbeat, sweeps }] = await Promise.all([config(), storage()]);
    await tellHeartbeat({ heartbeat, sweeps, mode, log });
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    if (!(error instanceof InvalidSettings)) log.warn('heartbeat-not-told', { reason: error.message });
  }
}

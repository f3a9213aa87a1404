import { InvalidSettings, ServiceFailure } from '../errors';
import { createLog, type LogTarget } from '../log';
import { config, gate, storage } from '../services';
import { requestSweep } from '../sweep/start-sweep';
import { noteMode } from './note-mode';

/** The timer that asks for it comes again, so nothing is retried here; wrong settings are reported by the timer's own work. */
export async function handleMode(target: LogTarget): Promise<void> {
  const log = createLog(target);
  try {
    const [settings, { control, removals, sweeps, queue }] = await Promise.all([config(), storage()]);
    await noteMode({
      ...{ settings, control, removals },
      gate: () => gate(log),
      requestSweep: (reason) => requestSweep({ sweeps, queue, log }, reason),
    });
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    if (!(error instanceof InvalidSettings)) log.warn('mode-not-noted', { reason: error.message });
  }
}

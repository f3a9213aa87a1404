import { InvalidSettings, ServiceFailure } from '../errors';
import { createLog, type LogTarget } from '../log';
import { config, storage } from '../services';
import { noteMode } from './note-mode';

/** The timer that asks for it comes again, so nothing is retried here; wrong settings are reported by the timer's own work. */
export async function handleMode(target: LogTarget): Promise<void> {
  try {
    const [{ mode }, { control }] = await Promise.all([config(), storage()]);
    await noteMode({ control }, mode);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    if (!(error instanceof InvalidSettings))
      createLog(target).warn('mode-not-noted', { reason: error.message });
  }
}

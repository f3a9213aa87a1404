import type { Mode } from '../config';
import type { ControlTable } from '../storage/control-table';
import type { RemovalTable } from '../storage/removal-table';
import { noteReporting } from './first-writes';
import type { WriteGate } from './gate';

export interface NoteModeDeps {
  settings: { mode: Mode; rightsGranted: boolean };
  control: ControlTable;
  removals: Pick<RemovalTable, 'forget'>;
  /** Made only where it is needed: only an app that writes has one. */
  gate: () => Promise<Pick<WriteGate, 'heedResume'>>;
  requestSweep: (reason: string) => Promise<void>;
}

/**
 * What a timer does, as there may be nobody about whom to decide anything: an app that does not write now reads its
 * first writes back when it does again, one that is not going any more looks at everybody, and one
 * that the breaker has stopped goes on once an admin says so.
 * @throws ServiceFailure
 */
export async function noteMode(deps: NoteModeDeps): Promise<void> {
  const { mode, rightsGranted } = deps.settings;
  if (mode !== 'apply') await noteReporting(deps);
  // Without its rights the app can't have done anything since.
  if (mode !== 'remove' && rightsGranted) await endRemoval(deps);
  if (mode === 'apply' && rightsGranted) await (await deps.gate()).heedResume();
}

/** First the sweep, so that a crash in between asks for another and not for none. */
async function endRemoval({ control, removals, requestSweep }: NoteModeDeps): Promise<void> {
  const { isRemoving } = await control.read();
  if (!isRemoving) return;
  await requestSweep('SYNC_MODE was remove, and nothing was looked at meanwhile.');
  await removals.forget();
}

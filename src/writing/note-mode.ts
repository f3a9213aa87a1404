import type { Mode } from '../config';
import { noteReporting, type FirstWritesDeps } from './first-writes';

/**
 * What a timer does, as there may be nobody about whom to decide anything: an app that does not write now reads its
 * first writes back when it does again.
 * @throws ServiceFailure
 */
export async function noteMode(deps: Pick<FirstWritesDeps, 'control'>, mode: Mode): Promise<void> {
  if (mode !== 'apply') await noteReporting(deps);
}

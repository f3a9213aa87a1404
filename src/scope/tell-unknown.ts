import type { Config } from '../config';
import type { Log } from '../log';
import type { ScopeSource } from './scope-source';

/**
 * Says, in each run of the timer that calls it, why nothing is written for anyone, as long as that lasts. refresh-scope
 * tells of a group once, when it finds it so, and of nothing at all where it does not run.
 */
export async function tellUnknown(scope: ScopeSource, mode: Config['mode'], log: Log): Promise<void> {
  if (mode !== 'apply') return;
  const unknown = await scope.unknownBecause();
  if (unknown !== undefined) {
    log.error('scope-unknown', { reason: `Nothing is written for anyone, and no sweep looks. ${unknown}` });
  }
}

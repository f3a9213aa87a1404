import type { Config } from '../config';

/** The settings that applying a photo reads. */
export type ApplySettings = Pick<
  Config,
  | 'mode'
  | 'geos'
  | 'coalesceMs'
  | 'secondLookSeconds'
  | 'missingUserMs'
  | 'claimMs'
  | 'checkAfterMs'
  | 'retrySeconds'
  | 'removals'
  | 'removalConfirmMs'
  | 'removedFilesMs'
> & { scope: Pick<Config['scope'], 'includeGuests' | 'includeDisabled'> };

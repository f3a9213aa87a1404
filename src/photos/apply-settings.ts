import type { Scope } from './decide-photo';

/** The settings that applying a photo reads; see config.ts. */
export interface ApplySettings {
  mode: 'report' | 'apply' | 'no-scope';
  backfill: 'none' | 'all';
  scope: Scope;
  geos: readonly { mySiteUrl: string; adminUrl: string }[];
  coalesceMs: number;
  missingUserMs: number;
  claimMs: number;
  retrySeconds: readonly number[];
}

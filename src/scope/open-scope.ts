import type { MembershipTable } from '../storage/membership-table';
import { groupsOf, type ScopeSettings } from './decide-scope';
import { scopeOfGroups } from './group-scope';
import { scopeOfSettings, type ScopeSource } from './scope-source';

/** By the settings alone where they name no group: then no request is ever made for it. */
export async function openScope(deps: {
  settings: ScopeSettings;
  storage: () => Promise<{ memberships: MembershipTable }>;
  monotonicMs: () => number;
}): Promise<ScopeSource> {
  const { settings, storage, monotonicMs } = deps;
  if (groupsOf(settings).length === 0) return scopeOfSettings(settings);
  return scopeOfGroups({ settings, memberships: (await storage()).memberships, monotonicMs });
}

import { ServiceFailure } from '../errors';
import type { Log } from '../log';
import type { MembershipRow, MembershipTable } from '../storage/membership-table';
import type { GroupSource } from '../tenant/graph-groups';
import { waitsForRights } from '../tenant/rights';
import { decideMembership } from './decide-membership';
import { decideUnknown, groupsOf, type ScopeSettings } from './decide-scope';

export interface RefreshScopeDeps {
  settings: { rightsGranted: boolean; scope: ScopeSettings & { emptyIsFine: boolean } };
  memberships: MembershipTable;
  groups: GroupSource;
  /** Takes up what had to be left while nobody could tell for whom to write. */
  requestSweep: (reason: string) => Promise<void>;
  log: Log;
}

/**
 * Reads who is in the pilot group and in the exclusion group, and says when that stops writing or lets it go on. Of a
 * group that no setting names any more nothing is kept.
 */
export async function refreshScope(deps: RefreshScopeDeps): Promise<void> {
  const { settings, memberships: table, log } = deps;
  const { scope } = settings;
  const configured = new Set(groupsOf(scope).map(({ groupId }) => groupId));
  const before = await table.list();
  for (const row of before.memberships) if (!configured.has(row.groupId)) await table.forget(row);
  if (configured.size === 0) return;
  if (!settings.rightsGranted) {
    log.warn('scope-waiting', { reason: waitsForRights });
    return;
  }
  for (const groupId of configured) {
    const row = before.memberships.find((one) => one.groupId === groupId);
    await refreshGroup(deps, groupId, row, before.readAt);
  }
  const unknownBefore = decideUnknown(scope, before.memberships, before.readAt);
  if (unknownBefore === undefined) return;
  const after = await table.list();
  if (decideUnknown(scope, after.memberships, after.readAt) !== undefined) return;
  log.info('scope-known', { reason: `It is known again for whom to write. Before: ${unknownBefore}` });
  await deps.requestSweep('It is known again for whom to write.');
}

/** @param readAt Storage's time before Graph was asked: the members may be those of that moment. */
async function refreshGroup(
  deps: RefreshScopeDeps,
  groupId: string,
  row: MembershipRow | undefined,
  readAt: Date,
): Promise<void> {
  const { settings, memberships: table, log } = deps;
  const setting = groupsOf(settings.scope).find((one) => one.groupId === groupId)?.setting;
  const reading = await readOrFail(deps.groups, groupId);
  const known = row?.readAt && { count: row.count };
  const plan = decideMembership(known, reading, settings.scope.emptyIsFine);
  if (plan.plan === 'take' && reading.kind === 'members') {
    const isKept = await table.keep(row, groupId, reading.ids, readAt);
    log.info('scope-read', { groupId, setting, people: reading.ids.size, isKept });
    return;
  }
  if (plan.plan !== 'keep' || (row?.problem === plan.problem && row.reason === plan.reason)) return;
  const { problem, reason } = plan;
  const isNoted = await table.noteProblem(row, groupId, { problem, reason });
  // A problem that lasts is told once, though its words may change with what Graph answers.
  if (!isNoted || row?.problem === problem) return;
  log.error('scope-unknown', {
    groupId,
    setting,
    problem,
    reason: `Nothing is written for anyone, since the group of ${String(setting)} ${reason}`,
  });
}

async function readOrFail(groups: GroupSource, groupId: string) {
  try {
    return await groups.readGroup(groupId);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    return { kind: 'failed' as const, reason: error.message };
  }
}

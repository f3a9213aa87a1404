import type { Standing } from './scope-source';

/** Who is meant, by the settings. */
export interface ScopeSettings {
  /** Undefined, as is the pilot group: everyone. */
  pilotUsers: ReadonlySet<string> | undefined;
  pilotGroup: string | undefined;
  exclusionGroup: string | undefined;
}

/** A group's membership, as far as deciding needs it. */
interface Known {
  groupId: string;
  readAt: Date | undefined;
  reason: string;
}

/** The groups that the settings name, by the setting that does. */
export function groupsOf(settings: ScopeSettings): { setting: string; groupId: string }[] {
  const named = { PILOT_GROUP: settings.pilotGroup, EXCLUSION_GROUP: settings.exclusionGroup };
  return Object.entries(named).flatMap(([setting, groupId]) => (groupId ? [{ setting, groupId }] : []));
}

/** A list of members older than this no longer says who is excluded. */
export const oldestMembershipMs = 2 * 3_600_000;

/**
 * Why it can't be told for whom to write.
 * @param now by the clock that `readAt` is of.
 * @returns a sentence for each group that is in the way; undefined if all are well.
 */
export function decideUnknown(
  settings: ScopeSettings,
  memberships: readonly Known[],
  now: Date,
): string | undefined {
  const reasons = groupsOf(settings).flatMap(({ setting, groupId }) => {
    const known = memberships.find((one) => one.groupId === groupId);
    const about = (what: string) => [`The group of ${setting} ${what}`];
    if (known?.reason) return about(known.reason);
    if (!known?.readAt) return about('was not read yet.');
    if (now.getTime() - known.readAt.getTime() <= oldestMembershipMs) return [];
    return about(
      `was last read at ${known.readAt.toISOString()}, more than 2 hours ago: see why refresh-scope does not run.`,
    );
  });
  return reasons.length > 0 ? reasons.join(' ') : undefined;
}

/**
 * By the last good reading. A pilot group that was never read leaves nobody out: whoever is not in it after all is kept
 * from being written by the gate, while a person who is would be passed over for good.
 * @param members of a group; undefined for one that was never read.
 */
export function decideStanding(
  settings: ScopeSettings,
  members: (groupId: string) => ReadonlySet<string> | undefined,
  personId: string,
): Standing {
  const { pilotUsers, pilotGroup, exclusionGroup } = settings;
  const isNamed = pilotUsers?.has(personId) ?? false;
  const isInGroup = pilotGroup !== undefined && (members(pilotGroup)?.has(personId) ?? true);
  return {
    isIncluded: isNamed || isInGroup || (pilotUsers === undefined && pilotGroup === undefined),
    isExcluded: exclusionGroup !== undefined && (members(exclusionGroup)?.has(personId) ?? false),
  };
}

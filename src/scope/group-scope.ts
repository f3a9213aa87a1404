import type { Membership, MembershipTable } from '../storage/membership-table';
import { decideStanding, decideUnknown, groupsOf, type ScopeSettings } from './decide-scope';
import type { ScopeSource } from './scope-source';

/** So long a look may go by a reading of the rows that was made already; a write never does. */
const rememberedMs = 1000;

interface Reading {
  memberships: Membership[];
  now: Date;
}

/**
 * By settings and groups. The groups themselves are read by a timer; here their rows are, in one request before each
 * write, and the ids only where they are not those of before.
 * @param deps.monotonicMs a clock that no one can set.
 */
export function scopeOfGroups(deps: {
  settings: ScopeSettings;
  memberships: MembershipTable;
  monotonicMs: () => number;
}): ScopeSource {
  const { settings, memberships: table, monotonicMs } = deps;
  let latest: { startedAtMs: number; reading: Promise<Reading> } | undefined;
  const membersByGroup = new Map<string, { generation: string; ids: Promise<ReadonlySet<string>> }>();

  const readAnew = (): Promise<Reading> => {
    const startedAtMs = monotonicMs();
    const reading = table.list().then(({ memberships, readAt }) => ({ memberships, now: readAt }));
    latest = { startedAtMs, reading };
    return reading;
  };
  const recent = (): Promise<Reading> =>
    latest && monotonicMs() - latest.startedAtMs < rememberedMs ? latest.reading : readAnew();

  const membersOf = async (membership: Membership): Promise<ReadonlySet<string>> => {
    const { groupId, generation } = membership;
    let known = membersByGroup.get(groupId);
    if (known?.generation !== generation) {
      known = { generation, ids: table.readMembers(membership) };
      membersByGroup.set(groupId, known);
    }
    try {
      return await known.ids;
    } catch (error) {
      if (membersByGroup.get(groupId) === known) membersByGroup.delete(groupId);
      // The row names other chunks by now.
      latest = undefined;
      throw error;
    }
  };

  return {
    async standingOf(personId) {
      const { memberships } = await recent();
      const members = new Map<string, ReadonlySet<string>>();
      for (const { groupId } of groupsOf(settings)) {
        const membership = memberships.find((one) => one.groupId === groupId);
        if (membership?.readAt) members.set(groupId, await membersOf(membership));
      }
      return decideStanding(settings, (groupId) => members.get(groupId), personId);
    },
    async unknownBecause() {
      const { memberships, now } = await readAnew();
      return decideUnknown(settings, memberships, now);
    },
  };
}

import type { ScopeSource } from '../../src/scope/scope-source';
import type { SweepSettings } from '../../src/sweep/sweep-deps';
import type { PeoplePage } from '../../src/tenant/graph-people';

/** Everybody in scope is swept, and nobody was chosen by hand. */
export const sweepSettings: SweepSettings = {
  mode: 'apply',
  backfill: 'none',
  removals: 'clear',
  sweep: { isScheduled: false, runMs: 0, checkPercent: 1, leaverRowsMs: 30 * 86_400_000 },
  retrySeconds: [60, 300],
  scope: {
    pilotUsers: undefined,
    pilotGroup: undefined,
    exclusionGroup: undefined,
    emptyIsFine: false,
    includeGuests: false,
    includeDisabled: false,
  },
};

export const everyoneInScope: ScopeSource = {
  standingOf: async () => ({ isIncluded: true, isExcluded: false }),
  unknownBecause: async () => undefined,
};

/** What the directory lists of these people, so many a page; '' is the first, as it is for the app. */
export function pageOf(
  ids: readonly string[],
  nextLink: string,
  peopleAPage: number,
): Pick<PeoplePage, 'people' | 'nextLink'> {
  const page = Number(nextLink.replace('/users?', '') || 0);
  const end = (page + 1) * peopleAPage;
  return {
    people: ids
      .slice(page * peopleAPage, end)
      .map((id) => ({ id, userType: 'Member', accountEnabled: true })),
    nextLink: end < ids.length ? `/users?${String(page + 1)}` : undefined,
  };
}

/**
 * What SharePoint grants, by the tenant's licences: calls of PeopleManager in 5 minutes (shared with the tenant's own
 * pages), and resource units a minute for one app.
 * https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online
 */
const tiers = [
  { licences: 1_000, peopleManager: 3_000, units: 1_250 },
  { licences: 5_000, peopleManager: 6_000, units: 2_500 },
  { licences: 15_000, peopleManager: 9_000, units: 3_750 },
  { licences: 50_000, peopleManager: 12_000, units: 5_000 },
  { licences: Infinity, peopleManager: 15_000, units: 6_250 },
] as const;

/** The share of SharePoint's limits that the app takes, all instances together. */
export interface BudgetSettings {
  peopleManagerPerSecond: number;
  unitsPerSecond: number;
}

export function sharePointLimits(settings: {
  licences: number;
  peopleManagerLimit: number | undefined;
  resourceUnitLimit: number | undefined;
  percent: number;
}): BudgetSettings {
  const tier = tiers.find(({ licences }) => settings.licences <= licences) ?? tiers[0];
  const share = settings.percent / 100;
  return {
    peopleManagerPerSecond: ((settings.peopleManagerLimit ?? tier.peopleManager) / 300) * share,
    unitsPerSecond: ((settings.resourceUnitLimit ?? tier.units) / 60) * share,
  };
}

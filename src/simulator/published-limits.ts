/**
 * The limits Microsoft publishes, by size of tenant. The size is the number of licences; the local tenant counts
 * its people instead.
 */

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 24 * 60 * MINUTE_SECONDS;

export interface PublishedLimit {
  name: string;
  amount: number;
  windowSeconds: number;
}

export interface PublishedLimits {
  sharePointUnitsPerMinute: PublishedLimit;
  sharePointUnitsPerDay: PublishedLimit;
  peopleManagerCalls: PublishedLimit;
  directoryUnits: PublishedLimit;
  mailboxRequests: PublishedLimit;
}

/** https://learn.microsoft.com/sharepoint/dev/general-development/how-to-avoid-getting-throttled-or-blocked-in-sharepoint-online */
const sharePointTiers = [
  { licencesUpTo: 1_000, unitsPerMinute: 1_250, unitsPerDay: 1_200_000, peopleManagerPer5Minutes: 3_000 },
  { licencesUpTo: 5_000, unitsPerMinute: 2_500, unitsPerDay: 2_400_000, peopleManagerPer5Minutes: 6_000 },
  { licencesUpTo: 15_000, unitsPerMinute: 3_750, unitsPerDay: 3_600_000, peopleManagerPer5Minutes: 9_000 },
  { licencesUpTo: 50_000, unitsPerMinute: 5_000, unitsPerDay: 4_800_000, peopleManagerPer5Minutes: 12_000 },
  { licencesUpTo: Infinity, unitsPerMinute: 6_250, unitsPerDay: 6_000_000, peopleManagerPer5Minutes: 15_000 },
];

/** https://learn.microsoft.com/graph/throttling-limits, "Identity and access service limits" */
const directoryTiers = [
  { usersUpTo: 49, unitsPer10Seconds: 3_500 },
  { usersUpTo: 500, unitsPer10Seconds: 5_000 },
  { usersUpTo: Infinity, unitsPer10Seconds: 8_000 },
];

/** https://learn.microsoft.com/graph/throttling-limits, "Outlook service limits"; photos are among its APIs. */
const MAILBOX_REQUESTS_PER_10_MINUTES = 10_000;
export const MAILBOX_REQUESTS_AT_ONCE = 4;

/** The limits for a tenant of so many people, each `factor` times as wide as published. */
export function publishedLimits(people: number, factor: number): PublishedLimits {
  const sharePoint = sharePointTiers.find((tier) => people <= tier.licencesUpTo) ?? sharePointTiers[0];
  const directory = directoryTiers.find((tier) => people <= tier.usersUpTo) ?? directoryTiers[0];
  if (!sharePoint || !directory) throw new Error('The tables of limits are empty.');
  const limit = (name: string, amount: number, windowSeconds: number): PublishedLimit => ({
    name,
    amount: Math.max(1, Math.floor(amount * factor)),
    windowSeconds,
  });
  return {
    sharePointUnitsPerMinute: limit('resource units a minute', sharePoint.unitsPerMinute, MINUTE_SECONDS),
    sharePointUnitsPerDay: limit('resource units a day', sharePoint.unitsPerDay, DAY_SECONDS),
    peopleManagerCalls: limit('PeopleManagerAPIs', sharePoint.peopleManagerPer5Minutes, 5 * MINUTE_SECONDS),
    directoryUnits: limit('identity resource units', directory.unitsPer10Seconds, 10),
    mailboxRequests: limit('requests a mailbox', MAILBOX_REQUESTS_PER_10_MINUTES, 10 * MINUTE_SECONDS),
  };
}

import type { IntendedWork } from './gate';

/** What a piece of work asks of SharePoint at most. */
export interface Cost {
  /** Calls of PeopleManager: a read of a profile is one, each property that is set is one. */
  peopleManager: number;
  /** Resource units. CSOM and REST have no published cost: "plan with an average of 2 resource units per request". */
  units: number;
}

const unitsARequest = 2;
const cost = (requests: number, peopleManager: number): Cost => ({
  units: requests * unitsARequest,
  peopleManager,
});

/**
 * The profile and up to four properties are more often fewer; and the folder's look-up, once per host and process, is
 * left out. What is taken is what the fullest case costs, so that the share holds.
 */
const costs: Record<IntendedWork['kind'], Cost> = {
  /** Profile; three files; three properties in one request. */
  write: cost(5, 4),
  /** Profile; properties in one request; profile again. Or, a day later: three files read and recycled. */
  clear: cost(6, 5),
  /** Profile; the earlier file; properties in one request; three files read and recycled. */
  restore: cost(9, 5),
  /** Profile; up to three files read. */
  check: cost(4, 1),
  /** Profile, folder, versions, three files read and written; properties; all read back, and restored as above. */
  trial: cost(24, 10),
};

/** Profile and three files, after a write. */
const readingBack = costs.check;

export function costOf(kind: IntendedWork['kind'], isReadBack: boolean): Cost {
  const { peopleManager, units } = costs[kind];
  return isReadBack
    ? { peopleManager: peopleManager + readingBack.peopleManager, units: units + readingBack.units }
    : { peopleManager, units };
}

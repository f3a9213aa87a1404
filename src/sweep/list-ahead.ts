import type { PeoplePage, PeopleSource } from '../tenant/graph-people';

export interface PagesAhead extends PeopleSource {
  /** Has the page listed that is asked for next. */
  ahead(nextLink: string): void;
}

/**
 * The directory, with the next page listed while the last people of this one are looked at: else all looks would stand
 * still for as long as Graph takes for a list.
 * @param isWanted whether there will be a next page in this run; another run lists it again.
 */
export function listAhead(directory: PeopleSource, isWanted: () => boolean): PagesAhead {
  let begun: { nextLink: string; page: Promise<PeoplePage | 'refused'> } | undefined;
  return {
    gone: (personIds) => directory.gone(personIds),
    ahead(nextLink) {
      if (!isWanted()) return;
      const page = directory.list(nextLink);
      // Whoever takes the page meets its failure. Where nobody does, because this run ends, there is none to meet.
      page.catch(() => undefined);
      begun = { nextLink, page };
    },
    list(nextLink) {
      const page = begun?.nextLink === nextLink ? begun.page : directory.list(nextLink);
      begun = undefined;
      return page;
    },
  };
}

import type { SweptPage } from './sweep-people';

/**
 * Works through one page.
 * @param allBegun to be told where the next page begins as soon as everybody of this one is at work.
 */
export type SweepOne = (
  nextLink: string,
  allBegun: (nextLink: string | undefined) => void,
) => Promise<SweptPage | 'refused'>;

interface PageAtWork {
  nextLink: string;
  following: Promise<string | undefined>;
  swept: Promise<SweptPage | 'refused'>;
}

/** The pages of one run. */
export interface PagesAhead {
  /** @param nextLink as the page before gave it; empty for the first. @throws ServiceFailure */
  sweep(nextLink: string): Promise<SweptPage | 'refused'>;
  /** Whether the next page is at work already. */
  isAhead(): boolean;
  /** Until nothing is at work any more. */
  end(): Promise<void>;
}

/**
 * Begins each page when all of the one before has begun: else the looks would stand still at the end of each page, for
 * as long as the last rows are written, the next people listed and their rows read. Never more than one page ahead.
 * @param isWanted whether there will be a next page in this run.
 */
export function pagesAhead(sweepOne: SweepOne, isWanted: () => boolean): PagesAhead {
  let ahead: PageAtWork | undefined;
  const begin = (nextLink: string): PageAtWork => {
    let allBegun!: (nextLink?: string) => void;
    const following = new Promise<string | undefined>((resolve) => (allBegun = resolve));
    const swept = sweepOne(nextLink, allBegun).finally(allBegun);
    // Whoever takes the page meets its failure. Where nobody does, because the one before has failed, there is none to meet.
    swept.catch(() => undefined);
    return { nextLink, following, swept };
  };
  return {
    async sweep(nextLink) {
      const page = ahead?.nextLink === nextLink ? ahead : begin(nextLink);
      ahead = undefined;
      const following = await page.following;
      if (following !== undefined && isWanted()) ahead = begin(following);
      return page.swept;
    },
    isAhead: () => ahead !== undefined,
    async end() {
      await ahead?.swept.catch(() => undefined);
    },
  };
}

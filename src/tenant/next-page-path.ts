import { ServiceFailure } from '../errors';

/**
 * The path, below /v1.0, of the page that Graph names as the next one.
 * @returns undefined after the last page.
 * @throws ServiceFailure for a page on another host: the token goes nowhere else.
 */
export function nextPagePath(nextLink: string | undefined, graphUrl: string): string | undefined {
  if (nextLink === undefined) return undefined;
  if (!nextLink.startsWith(`${graphUrl}/v1.0/`)) {
    throw new ServiceFailure('Graph', 'Graph named a next page on another host, which is not followed.');
  }
  return nextLink.slice(`${graphUrl}/v1.0`.length);
}

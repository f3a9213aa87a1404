import type { Books, MySite, ServiceRole, SharePointProfile } from '../books';

const roles: readonly ServiceRole[] = ['geo-mysite', 'geo-admin'];

/** Whether a host belongs to the further geo. The others, the root site too, are of the tenant's own. */
export const isOfFurtherGeo = (role: ServiceRole): boolean => roles.includes(role);

export const isMySiteHost = (role: ServiceRole): boolean => role === 'mysite' || role === 'geo-mysite';

/** Where a profile lives, by its own word. */
export function livesInFurtherGeo(books: Books, profile: SharePointProfile): boolean {
  return books.geo !== undefined && profile.personalSiteHostUrl.startsWith(`${books.geo.mySiteUrl}:`);
}

/** The My Site host with the profile's picture. */
export const mySiteOf = (books: Books, profile: SharePointProfile): MySite =>
  (livesInFurtherGeo(books, profile) ? books.geo : undefined) ?? books;

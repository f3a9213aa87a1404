/** User profiles as PeopleManager shows and changes them. */

import type { Books, Person, ServiceRequest, SharePointProfile } from '../books';
import type { ODataEntity } from './odata-answer';
import { importedPropertyNames, profilePropertyNames } from './property-names';
import { isOfFurtherGeo, livesInFurtherGeo } from './geos';
import { accessDenied, noSuchProfile, noSuchProperty, propertyNotEditable } from './errors';
import { stableGuid } from './stable-guid';
import type { SharePointDeps } from './work';

/** Account names are claims, `i:0#.f|membership|<user principal name>`, in any case. */
export const findProfile = (books: Books, accountName: string): SharePointProfile | undefined =>
  books.profiles.get(accountName.toLowerCase());

const userPrincipalNameOf = (profile: SharePointProfile): string =>
  profile.accountName.slice(profile.accountName.lastIndexOf('|') + 1);

function ownerOf(books: Books, profile: SharePointProfile): Person | undefined {
  if (profile.objectId) return books.people.get(profile.objectId);
  const name = userPrincipalNameOf(profile).toLowerCase();
  return [...books.people.values()].find((person) => person.userPrincipalName.toLowerCase() === name);
}

/** What the import from Entra fills in, unless the books say otherwise. */
function importedProperties(books: Books, profile: SharePointProfile): Record<string, string> {
  const userPrincipalName = userPrincipalNameOf(profile);
  const owner = ownerOf(books, profile);
  return {
    UserProfile_GUID: stableGuid(profile.accountName.toLowerCase()),
    AccountName: profile.accountName,
    UserName: userPrincipalName,
    'SPS-UserPrincipalName': userPrincipalName,
    'SPS-ClaimID': userPrincipalName,
    'SPS-ClaimProviderID': 'membership',
    WorkEmail: owner?.mailbox ? userPrincipalName : '',
    PreferredName: owner?.displayName ?? '',
    Title: owner?.jobTitle ?? '',
    'SPS-JobTitle': owner?.jobTitle ?? '',
    ...(profile.objectId === undefined ? {} : { 'msOnline-ObjectId': profile.objectId }),
  };
}

/** All properties by name, in the order the service lists them. A profile without an object id doesn't list one. */
function allProperties(
  request: ServiceRequest,
  books: Books,
  profile: SharePointProfile,
): Map<string, string> {
  const known: Record<string, string> = { ...importedProperties(books, profile), ...profile.properties };
  known['PictureURL'] = asSeenBy(request, books, known['PictureURL'] ?? '');
  const listed = profilePropertyNames.filter((name) => name !== 'msOnline-ObjectId' || name in known);
  return new Map([...new Set([...listed, ...Object.keys(known)])].map((name) => [name, known[name] ?? '']));
}

/** `https://contoso-my.sharepoint.com:443`: SharePoint always tells the port. */
function withPort(origin: string): string {
  const url = new URL(origin);
  return `${url.protocol}//${url.hostname}:${url.port || '443'}`;
}

/** A URL that SharePoint wrote itself, under the name the caller knows the My Site host by; any other as it is. */
function asSeenBy(request: ServiceRequest, books: Books, url: string): string {
  const hosts = [[books.mySiteUrl, 'mysite'] as const, [books.geo?.mySiteUrl, 'geo-mysite'] as const];
  const [mySiteUrl, role] =
    hosts.find(([host]) => host !== undefined && url.startsWith(`${host}:443/`)) ?? [];
  if (mySiteUrl === undefined || role === undefined) return url;
  return `${withPort(request.originOf(role))}/${url.slice(`${mySiteUrl}:443/`.length)}`;
}

/** The picture's address gets `SPS-PictureTimestamp` as `?t=`, which is what makes browsers forget the former picture. */
function pictureUrl(properties: Map<string, string>): string | null {
  const url = properties.get('PictureURL');
  const timestamp = properties.get('SPS-PictureTimestamp');
  if (!url) return null;
  return timestamp ? `${url}?t=${timestamp}` : url;
}

/** The answer of `GetPropertiesFor`. */
export function profileEntity(
  request: ServiceRequest,
  books: Books,
  profile: SharePointProfile,
): ODataEntity {
  const properties = allProperties(request, books, profile);
  const value = (name: string) => properties.get(name) ?? '';
  const mySite = request.originOf('mysite');
  return {
    AccountName: profile.accountName,
    DirectReports: [],
    DisplayName: value('PreferredName'),
    Email: value('WorkEmail'),
    ExtendedManagers: [],
    ExtendedReports: [profile.accountName],
    IsFollowed: false,
    LatestPost: null,
    Peers: [],
    PersonalSiteHostUrl: asSeenBy(request, books, profile.personalSiteHostUrl || `${books.mySiteUrl}:443/`),
    PersonalUrl: `${mySite}/Person.aspx?accountname=${encodeURIComponent(profile.accountName)}`,
    PictureUrl: pictureUrl(properties),
    Title: value('Title'),
    UserProfileProperties: [...properties].map(([Key, Value]) => ({ Key, Value, ValueType: 'Edm.String' })),
    UserUrl: `${mySite}/Person.aspx?accountname=${encodeURIComponent(profile.accountName)}`,
  };
}

/** The answer of `GetUserProfilePropertyFor`: empty for what doesn't exist. */
export function propertyOf(request: ServiceRequest, books: Books, accountName: string, name: string): string {
  const profile = findProfile(books, accountName);
  const value = profile && allProperties(request, books, profile).get(name);
  return value ?? '';
}

/** Throws when there is no such profile or property, or when it isn't anybody's to set, or not at another geo's sites. */
export function setProperty(
  request: ServiceRequest,
  { books, history }: Pick<SharePointDeps, 'books' | 'history'>,
  accountName: string,
  name: string,
  value: string,
): void {
  const profile = findProfile(books, accountName);
  if (!profile) throw noSuchProfile();
  if (livesInFurtherGeo(books, profile) !== isOfFurtherGeo(request.role)) throw accessDenied();
  if (importedPropertyNames.has(name)) throw propertyNotEditable();
  if (!profilePropertyNames.includes(name) && !Object.hasOwn(profile.properties, name))
    throw noSuchProperty(name);
  history.propertySet(profile, name, value);
  profile.properties[name] = value;
}

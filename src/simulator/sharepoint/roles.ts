/**
 * What the application roles of SharePoint (not those of Graph, which bear the same names) allow.
 * https://learn.microsoft.com/sharepoint/dev/solution-guidance/security-apponly-azuread
 */

import type { Books, ServiceRequest } from '../books';
import { CLIENT_ID } from '../identity';
import { isMySiteHost } from './geos';
import { accessDenied, profileReadDenied } from './errors';

const profileWriters = ['User.ReadWrite.All'];
const profileReaders = ['User.Read.All', ...profileWriters];
const fileWriters = ['Sites.ReadWrite.All', 'Sites.Manage.All', 'Sites.FullControl.All'];
const fileReaders = ['Sites.Read.All', ...fileWriters];

const hasOneOf = (request: ServiceRequest, roles: readonly string[]): boolean =>
  roles.some((role) => request.roles.includes(role));

const readingPermissions = ['read', 'write', 'manage', 'fullcontrol'];
const writingPermissions = readingPermissions.slice(1);

/** `Sites.Selected` says nothing by itself: it opens the sites that have a permission for the app. */
function isPermitted(books: Books, request: ServiceRequest, permissions: readonly string[]): boolean {
  if (!isMySiteHost(request.role) || !request.roles.includes('Sites.Selected')) return false;
  const site = request.role === 'mysite' ? books : books.geo;
  // The tenant has one managed identity, whichever client id it is asked for by.
  const own = site?.permissions.filter(({ appId }) => appId === CLIENT_ID) ?? [];
  return own.some(({ roles }) => roles.some((role) => permissions.includes(role)));
}

export function requireProfileRead(request: ServiceRequest): void {
  if (!hasOneOf(request, profileReaders)) throw profileReadDenied();
}

/** Other people's profiles can't be written through the My Site host. */
export function requireProfileWrite(request: ServiceRequest): void {
  if (isMySiteHost(request.role) || !hasOneOf(request, profileWriters)) throw accessDenied();
}

export function requireFileRead(books: Books, request: ServiceRequest): void {
  if (!isPermitted(books, request, readingPermissions) && !hasOneOf(request, fileReaders))
    throw accessDenied();
}

export function requireFileWrite(books: Books, request: ServiceRequest): void {
  if (!isPermitted(books, request, writingPermissions) && !hasOneOf(request, fileWriters))
    throw accessDenied();
}

/**
 * What the application roles of SharePoint (not those of Graph, which bear the same names) allow.
 * https://learn.microsoft.com/sharepoint/dev/solution-guidance/security-apponly-azuread
 */

import type { ServiceRequest } from '../books';
import { isMySiteHost } from './geos';
import { accessDenied, profileReadDenied } from './errors';

const profileWriters = ['User.ReadWrite.All'];
const profileReaders = ['User.Read.All', ...profileWriters];
const fileWriters = ['Sites.ReadWrite.All', 'Sites.Manage.All', 'Sites.FullControl.All'];
const fileReaders = ['Sites.Read.All', ...fileWriters];

const hasOneOf = (request: ServiceRequest, roles: readonly string[]): boolean =>
  roles.some((role) => request.roles.includes(role));

/** `Sites.Selected` says nothing by itself: the local tenant has granted `write` on the My Site hosts, and nowhere else. */
const hasSiteGrant = (request: ServiceRequest): boolean =>
  isMySiteHost(request.role) && request.roles.includes('Sites.Selected');

export function requireProfileRead(request: ServiceRequest): void {
  if (!hasOneOf(request, profileReaders)) throw profileReadDenied();
}

/** Other people's profiles can't be written through the My Site host. */
export function requireProfileWrite(request: ServiceRequest): void {
  if (isMySiteHost(request.role) || !hasOneOf(request, profileWriters)) throw accessDenied();
}

export function requireFileRead(request: ServiceRequest): void {
  if (!hasSiteGrant(request) && !hasOneOf(request, fileReaders)) throw accessDenied();
}

export function requireFileWrite(request: ServiceRequest): void {
  if (!hasSiteGrant(request) && !hasOneOf(request, fileWriters)) throw accessDenied();
}

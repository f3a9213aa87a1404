import { createHash } from 'node:crypto';
import type { ServiceRequest, SimulatorClock } from '../books';
import type { ODataEntity } from './odata-answer';
import { isMySiteHost } from './geos';
import { stableGuid } from './stable-guid';

const FORM_DIGEST_SECONDS = 1_800;

/** `SP.ContextWebInformation`. With a bearer token nobody asks for the digest again. */
export function contextInfo(request: ServiceRequest, clock: SimulatorClock): ODataEntity {
  const at = new Date(clock.now()).toUTCString().replace('GMT', '-0000').slice(5);
  const digest = createHash('sha512').update(`${request.origin} ${at}`).digest('hex').toUpperCase();
  return {
    FormDigestTimeoutSeconds: FORM_DIGEST_SECONDS,
    FormDigestValue: `0x${digest},${at}`,
    LibraryVersion: '16.0.26121.12010',
    SiteFullUrl: request.origin,
    SupportedSchemaVersions: ['14.0.0.0', '15.0.0.0'],
    WebFullUrl: request.origin,
  };
}

const titles: Partial<Record<ServiceRequest['role'], string>> = {
  root: 'Contoso',
  mysite: 'My Site host',
  admin: 'SharePoint admin center',
  'geo-mysite': 'My Site host',
  'geo-admin': 'SharePoint admin center',
};

/** `SP.Web` */
export function webEntity(request: ServiceRequest): ODataEntity {
  return {
    Id: stableGuid(request.role),
    Title: titles[request.role] ?? '',
    Url: request.origin,
    ServerRelativeUrl: '/',
    WebTemplate: isMySiteHost(request.role) ? 'SPSMSITEHOST' : 'STS',
    Created: '2020-01-01T00:00:00',
  };
}

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Books, MySite, ServiceAnswer, ServiceRequest, SitePermission } from '../books';
import { badRequest, graphError, graphJson, methodNotAllowed } from '../graph/graph-answer';
import { stableGuid } from '../sharepoint/stable-guid';
import { mayPermitSites } from './signed-in';

const permissionSchema = z.object({
  roles: z.array(z.enum(['read', 'write', 'manage', 'fullcontrol'])).length(1),
  grantedToIdentities: z
    .array(z.object({ application: z.object({ id: z.guid(), displayName: z.string() }) }))
    .length(1),
});

const accessDenied = () => graphError(403, 'accessDenied', 'Access denied');
const notFound = () => graphError(404, 'itemNotFound', 'Item not found');

/** `sites/{host}`, `sites/{host or id}/permissions` and `…/{permission id}`, of the My Site hosts. */
export function serveSites(
  { books, changed }: { books: Books; changed: () => void },
  request: ServiceRequest,
  [site = '', collection, id, ...rest]: readonly string[],
): ServiceAnswer {
  if (!mayPermitSites(request.signedIn)) return accessDenied();
  const host = site.split(',')[0] ?? '';
  const mySite = [books, books.geo].find((one) => one?.mySiteUrl === `https://${host}`);
  if (mySite === undefined || (site.includes(',') && site !== siteId(host))) return notFound();
  if (collection === undefined && request.method === 'GET') {
    return graphJson(200, { id: siteId(host), webUrl: mySite.mySiteUrl, displayName: 'My Site host' });
  }
  if (collection !== 'permissions' || rest.length > 0) return methodNotAllowed(request.method);
  const found = mySite.permissions.find((permission) => permission.id === id);
  switch (`${request.method} ${id === undefined ? 'all' : 'one'}`) {
    case 'GET all':
      // The list does not tell roles: each has to be asked for by its id.
      return graphJson(200, {
        value: mySite.permissions.map((permission) => {
          const { roles: _, ...shownWithoutRoles } = shown(permission);
          return shownWithoutRoles;
        }),
      });
    case 'POST all':
      return permit(mySite, request, changed);
    case 'GET one':
      return found ? graphJson(200, shown(found)) : notFound();
    case 'DELETE one':
      if (!found) return notFound();
      mySite.permissions.splice(mySite.permissions.indexOf(found), 1);
      changed();
      return { status: 204 };
    default:
      return methodNotAllowed(request.method);
  }
}

const siteId = (host: string) =>
  `${host},${stableGuid(`site of ${host}`)},${stableGuid(`root web of ${host}`)}`;

function shown({ id, roles, appId, displayName }: SitePermission) {
  const identities = [{ application: { id: appId, displayName } }];
  return { id, roles, grantedToIdentities: identities, grantedToIdentitiesV2: identities };
}

/** A second permission of the same app takes the first one's place. */
function permit(mySite: MySite, request: ServiceRequest, changed: () => void): ServiceAnswer {
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString());
  } catch {
    return badRequest('Invalid request body.');
  }
  const parsed = permissionSchema.safeParse(body);
  if (!parsed.success) return badRequest('Invalid request body.');
  const { roles, grantedToIdentities } = parsed.data;
  const { id: appId = '', displayName = '' } = grantedToIdentities[0]?.application ?? {};
  const others = mySite.permissions.filter((one) => one.appId !== appId.toLowerCase());
  const id = randomBytes(24).toString('base64url');
  const permission = { id, appId: appId.toLowerCase(), displayName, roles };
  mySite.permissions = [...others, permission];
  changed();
  return graphJson(201, shown(permission));
}

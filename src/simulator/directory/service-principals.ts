import { z } from 'zod';
import type { ServiceAnswer, ServiceRequest } from '../books';
import { badRequest, graphError, graphJson, methodNotAllowed, requestDenied } from '../graph/graph-answer';
import { CLIENT_ID } from '../identity';
import { MANAGED_IDENTITY_ID } from '../tokens';
import type { AppRoleAssignments, Assignment } from './app-role-assignments';
import { resources, type Resource } from './role-catalogue';
import { mayGrantRoles } from './signed-in';

const READERS = ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All'];
const DEFAULT_PAGE = 100;
const IDENTITY_NAME = 'photo-sync';

const assignmentSchema = z.object({
  principalId: z.string(),
  resourceId: z.string(),
  appRoleId: z.string(),
});

export interface DirectoryParts {
  assignments: AppRoleAssignments;
  /** Of assignments, whatever `$top` asks for. */
  largestPage: number;
}

/** `servicePrincipals/{id}`, `servicePrincipals(appId='…')`, and the roles that the app's identity was assigned. */
export function serveServicePrincipals(
  parts: DirectoryParts,
  request: ServiceRequest,
  [key = '', collection, assignmentId, ...rest]: readonly string[],
): ServiceAnswer {
  const mayRead = request.signedIn !== undefined || READERS.some((role) => request.roles.includes(role));
  if (!mayRead) return requestDenied();
  const isIdentity = key === MANAGED_IDENTITY_ID && parts.assignments.knowsIdentity;
  const resource = resources.find(({ id, appId }) => key === id || key === `appId=${appId}`);
  if (collection === undefined) {
    if (request.method !== 'GET') return methodNotAllowed(request.method);
    if (resource) return graphJson(200, shownResource(resource));
    return isIdentity ? graphJson(200, shownIdentity) : notFound(key);
  }
  if (collection !== 'appRoleAssignments' || rest.length > 0) return methodNotAllowed(request.method);
  switch (`${request.method} ${assignmentId === undefined ? 'all' : 'one'}`) {
    case 'GET all':
      return isIdentity ? listAssignments(parts, request) : notFound(key);
    case 'POST all':
      return mayGrantRoles(request.signedIn) ? assign(parts, request, key) : requestDenied();
    case 'DELETE one':
      if (!mayGrantRoles(request.signedIn)) return requestDenied();
      return isIdentity && parts.assignments.remove(assignmentId ?? '')
        ? { status: 204 }
        : notFound(assignmentId ?? '');
    default:
      return methodNotAllowed(request.method);
  }
}

const notFound = (key: string) =>
  graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
  );

const shownIdentity = {
  id: MANAGED_IDENTITY_ID,
  appId: CLIENT_ID,
  displayName: IDENTITY_NAME,
  servicePrincipalType: 'ManagedIdentity',
  appRoles: [],
};

const shownResource = ({ id, appId, displayName, roles }: Resource) => ({
  id,
  appId,
  displayName,
  servicePrincipalType: 'Application',
  appRoles: roles.map((role) => ({
    ...role,
    allowedMemberTypes: ['Application'],
    displayName: role.value,
    isEnabled: true,
  })),
});

const shownAssignment = ({ id, appRoleId, createdDateTime, resource }: Assignment) => ({
  id,
  appRoleId,
  createdDateTime,
  deletedDateTime: null,
  principalId: MANAGED_IDENTITY_ID,
  principalDisplayName: IDENTITY_NAME,
  principalType: 'ServicePrincipal',
  resourceId: resource.id,
  resourceDisplayName: resource.displayName,
});

function listAssignments({ assignments, largestPage }: DirectoryParts, request: ServiceRequest) {
  const query = request.url.searchParams;
  const asked = Number(query.get('$top') ?? DEFAULT_PAGE);
  if (!Number.isInteger(asked) || asked < 1) return badRequest('Invalid page size specified.');
  const top = Math.min(asked, largestPage);
  const skip = Number(query.get('$skiptoken') ?? 0);
  const all = assignments.list();
  const next = `${request.origin}${request.url.pathname}?$skiptoken=${String(skip + top)}`;
  return graphJson(200, {
    '@odata.context': `${request.origin}/v1.0/$metadata#appRoleAssignments`,
    ...(skip + top < all.length && { '@odata.nextLink': next }),
    value: all.slice(skip, skip + top).map(shownAssignment),
  });
}

function assign({ assignments }: DirectoryParts, request: ServiceRequest, key: string): ServiceAnswer {
  const parsed = assignmentSchema.safeParse(jsonOf(request.body));
  if (!parsed.success) return badRequest('Invalid request body.');
  const { principalId, resourceId, appRoleId } = parsed.data;
  const resource = resources.find(({ id }) => id === resourceId);
  // What the directory does not know everywhere yet is refused with the same words as what there never was.
  if (key !== MANAGED_IDENTITY_ID || principalId !== key || !assignments.knowsIdentity || !resource)
    return badRequest('Not a valid reference update.');
  const role = resource.roles.find(({ id }) => id === appRoleId);
  if (!role) return badRequest('Permission being assigned was not found on application.');
  if (assignments.has(resource, appRoleId)) {
    return badRequest('Permission being assigned already exists on the object.');
  }
  return graphJson(201, shownAssignment(assignments.add(resource, role)));
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

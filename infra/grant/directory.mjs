import { Refused } from './problems.mjs';
import { resourceApps } from './roles.mjs';
import { untilReplicated } from './until-replicated.mjs';

/** The app's identity. Nothing else is ever given these roles. @throws Refused */
export async function findIdentity(deps, { principalId, clientId }) {
  const path = `/servicePrincipals/${principalId}?$select=id,appId,displayName,servicePrincipalType`;
  const found = await untilReplicated(deps, 'the identity', () => deps.graph.request('GET', path));
  if (found.servicePrincipalType !== 'ManagedIdentity') {
    throw new Refused(400, `${principalId} is ${found.displayName}, which is no managed identity.`);
  }
  if (clientId !== undefined && found.appId !== clientId) {
    throw new Refused(400, `${principalId} is another identity than the one with the client id ${clientId}.`);
  }
  return found;
}

/** Looks up the tenant's own ids of the roles, each by its value on its resource app. @throws Refused */
export async function findRoles({ graph, tell }, wanted) {
  const principals = new Map();
  for (const name of new Set(wanted.map(({ resource }) => resource))) {
    const select = '$select=id,appId,displayName,appRoles';
    const path = `/servicePrincipals(appId='${resourceApps[name].appId}')?${select}`;
    principals.set(name, await graph.request('GET', path));
  }
  return wanted.map((role) => {
    const { id: resourceId, appRoles } = principals.get(role.resource);
    const found = appRoles.find(
      ({ value, allowedMemberTypes }) => value === role.role && allowedMemberTypes.includes('Application'),
    );
    if (!found) throw new Refused(404, `${resourceApps[role.resource].name} has no role ${role.role}.`);
    if (found.id !== role.id)
      tell(`${role.role} has the id ${found.id} here, not ${role.id}; taking the former.`);
    return { ...role, resourceId, appRoleId: found.id };
  });
}

export const assignmentsOf = ({ graph }, principalId) =>
  graph.list(`/servicePrincipals/${principalId}/appRoleAssignments`);

/** The assignment of a role that `findRoles` gave, among those of an identity. */
export const assignmentFor = (assignments, { resourceId, appRoleId }) =>
  assignments.find((one) => one.resourceId === resourceId && one.appRoleId === appRoleId);

import { assignmentFor, assignmentsOf, findIdentity, findRoles } from './directory.mjs';
import { nameOf, wantedRoles } from './roles.mjs';
import { untilReplicated } from './until-replicated.mjs';

/**
 * Grants what is wanted and not there yet, and waits until Entra ID shows all of it.
 * @returns the wanted roles that are still missing because the signed-in person may not grant them; and when the last
 * of the others was granted, by Entra ID's clock.
 * @throws Refused, OutOfReach
 */
export async function grantRoles(deps, options) {
  const { tell } = deps;
  const identity = await findIdentity(deps, options);
  tell(`The app's identity is ${identity.displayName} (${identity.id}).`);
  const wanted = await findRoles(deps, wantedRoles(options));
  const held = await assignmentsOf(deps, identity.id);

  const missing = [];
  for (const role of wanted) {
    if (assignmentFor(held, role)) tell(`${nameOf(role)}: granted already`);
    else if (missing.length > 0 || !(await grant(deps, identity, role))) missing.push(role);
    else tell(`${nameOf(role)}: granted`);
  }
  if (missing.length > 0) return { identity, missing };

  // A token that is asked for before this would be kept for a day without the roles.
  const shown = await untilReplicated(deps, 'what was granted', async () => {
    const assignments = await assignmentsOf(deps, identity.id);
    const found = wanted.map((role) => assignmentFor(assignments, role));
    return found.every(Boolean) ? found : undefined;
  });
  const grantedAt = shown
    .map(({ createdDateTime }) => createdDateTime)
    .sort()
    .at(-1);
  return { identity, missing, grantedAt };
}

/** @returns whether it could be granted; a person without the directory role may not. */
async function grant(deps, identity, { resourceId, appRoleId }) {
  const path = `/servicePrincipals/${identity.id}/appRoleAssignments`;
  const assignment = { principalId: identity.id, resourceId, appRoleId };
  return untilReplicated(deps, 'the identity', async () => {
    try {
      await deps.graph.request('POST', path, assignment);
      return true;
    } catch (error) {
      if (error.status === 403) return false;
      if (/already exists/i.test(error.message)) return true;
      throw error;
    }
  });
}

import { assignmentFor, assignmentsOf, findRoles } from './directory.mjs';
import { nameOf, roles } from './roles.mjs';

/**
 * Takes away every role that was ever granted for this app; others that the identity holds are left, and named.
 * @param deps.graph as `createGraph` makes it; `deps.tell` takes sentences for a person.
 * @returns the roles that were taken away, those that may not be, and how many others are left.
 * @throws Refused, OutOfReach
 */
export async function revokeRoles(deps, { principalId }) {
  const { graph, tell } = deps;
  const ours = await findRoles(deps, Object.values(roles));
  const held = await heldBy(deps, principalId);
  const [revoked, missing] = [[], []];
  for (const role of ours) {
    const assignment = assignmentFor(held, role);
    if (!assignment) continue;
    if (await remove(graph, principalId, assignment.id)) {
      revoked.push(role);
      tell(`${nameOf(role)}: revoked`);
    } else missing.push(role);
  }
  const others = held.length - revoked.length - missing.length;
  if (others > 0) tell(`${others} other role(s) of this identity are left as they are.`);
  if (revoked.length > 0) tell('A token that the app has already keeps its roles for up to a day.');
  return { revoked, missing, others };
}

/**
 * Only looks. @returns those of our roles that the identity holds.
 * @throws Refused, OutOfReach
 */
export async function rolesHeld(deps, { principalId }) {
  const ours = await findRoles(deps, Object.values(roles));
  const held = await heldBy(deps, principalId);
  return ours.filter((role) => assignmentFor(held, role));
}

/** An identity that is gone has taken its roles with it. */
async function heldBy(deps, principalId) {
  try {
    return await assignmentsOf(deps, principalId);
  } catch (error) {
    if (error.status !== 404) throw error;
    deps.tell('The identity is gone, and its roles with it.');
    return [];
  }
}

/** @returns whether it is gone; a person without the directory role may not remove it. */
async function remove(graph, principalId, id) {
  try {
    await graph.request('DELETE', `/servicePrincipals/${principalId}/appRoleAssignments/${id}`);
    return true;
  } catch (error) {
    if (error.status === 403) return false;
    if (error.status === 404) return true;
    throw error;
  }
}

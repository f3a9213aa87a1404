import type { Right } from './rights';

/** The role by which a token has the right, as far as it can be read. */
export function heldRole({ role, orElse }: Right, token: { roles: readonly string[] }): string | undefined {
  return [role, ...orElse].find((one) => token.roles.includes(one));
}

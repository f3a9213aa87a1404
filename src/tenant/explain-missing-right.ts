import type { TokenFacts } from './describe-token';
import { heldRole } from './held-role';
import type { Right } from './rights';

/**
 * Which role is missing where, and what an admin can do about it, or that there is nothing to do but wait: Azure keeps
 * a managed identity's token for about a day.
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations
 * @param token that of the refused request; undefined where it can't be read.
 */
export function explainMissingRight(right: Right, token: TokenFacts | undefined): string {
  const { role, besides } = right;
  const app = nameOfApp(right);
  if (!token) {
    const rest = besides === undefined ? '' : ` and ${besides}`;
    return `The app's identity needs the application role ${role} on ${app}${rest}. A role granted today can take a day to reach the token.`;
  }
  const issuedAt = token.issuedAt.toISOString();
  const expiresAt = token.expiresAt.toISOString();
  const held = heldRole(right, token);
  if (held === undefined) {
    const missing = `The application role ${role} on ${app} is missing in the token, which was issued at ${issuedAt}.`;
    return token.grantedAt && token.issuedAt < token.grantedAt
      ? `${missing} It is granted since ${token.grantedAt.toISOString()}, but Azure still hands out the old token: nothing is to be done, expect a new one by ${expiresAt}.`
      : `${missing} Either it is not granted: grant it ("node infra/grant.mjs"). Or it was granted after that, and Azure still hands out the old token: wait, a new one comes by ${expiresAt}.`;
  }
  if (held === role && besides !== undefined) {
    return `The token has the application role ${role} on ${app}. What is missing is ${besides}, which a SharePoint Administrator grants: "node infra/grant.mjs --print" tells how.`;
  }
  return `The app's identity needs the application role ${role} on ${app}, and the token has ${held}: a policy may forbid it, or the role was taken away since. A new token comes by ${expiresAt}.`;
}

function nameOfApp({ resourceApp }: Right): string {
  return resourceApp === 'Microsoft Graph'
    ? resourceApp
    : `"${resourceApp}" (not the one of the same name on Microsoft Graph)`;
}

import type { TokenFacts } from '../tenant/describe-token';
import { heldRole } from '../tenant/held-role';
import type { Right } from '../tenant/rights';

export type TokenFinding =
  | { outcome: 'ok'; detail: string }
  /** A token says nothing for sure: whether it does is seen when it is used. */
  | { outcome: 'warning'; detail: string }
  | { outcome: 'failed'; detail: string; role: string; resourceApp: string };

/**
 * Whether a token carries the right, as far as it can be read.
 * @param host the one that the token is for.
 */
export function decideToken(host: string, token: TokenFacts | undefined, right: Right): TokenFinding {
  const { role, resourceApp } = right;
  if (!token) return { outcome: 'warning', detail: `The token for ${host} can't be read; it is tried.` };
  const found = heldRole(right, token);
  if (found !== undefined) return { outcome: 'ok', detail: `${host}: ${found} on "${resourceApp}".` };
  const [issuedAt, expiresAt] = [token.issuedAt.toISOString(), token.expiresAt.toISOString()];
  const lacks = `The token for ${host} lacks the application role ${role} on "${resourceApp}".`;
  const detail =
    token.grantedAt && token.issuedAt < token.grantedAt
      ? `${lacks} It is granted since ${token.grantedAt.toISOString()}, but Azure still hands out the old token, issued at ${issuedAt}: nothing is to be done, expect a new one by ${expiresAt}.`
      : `${lacks} Either it is not granted to the app's identity: "node infra/grant.mjs" grants it. Or it was granted after the token was issued, at ${issuedAt}, and Azure still hands out the old one: then nothing is to be done, and a new one comes by ${expiresAt}.`;
  return { outcome: 'failed', detail, role, resourceApp };
}

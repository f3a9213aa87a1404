import type { Right } from './rights';

interface TokenFacts {
  roles: readonly string[];
  issuedAt: Date;
  expiresAt: Date;
}

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
  const { role, resourceApp, orElse } = right;
  if (!token) return { outcome: 'warning', detail: `The token for ${host} can't be read; it is tried.` };
  const found = [role, ...orElse].find((one) => token.roles.includes(one));
  if (found !== undefined) return { outcome: 'ok', detail: `${host}: ${found} on "${resourceApp}".` };
  const detail = `The token for ${host} lacks the application role ${role} on "${resourceApp}". Either it is not granted to the app's identity: "node infra/grant.mjs" grants it. Or it was granted after the token was issued, at ${token.issuedAt.toISOString()}, and Azure still hands out the old one: then nothing is to be done, and a new one comes by ${token.expiresAt.toISOString()}.`;
  return { outcome: 'failed', detail, role, resourceApp };
}

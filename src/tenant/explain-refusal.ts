import type { TokenFacts } from './describe-token';
import { explainMissingRight } from './explain-missing-right';
import { heldRole } from './held-role';
import { readUsers } from './rights';

export interface Refusal {
  /** What was asked of Graph, as in "refused to …". */
  doing: string;
  status: number;
  code: string | undefined;
  /** Graph's own words: they choose the explanation and go no further, for they may hold an address. */
  message: string;
  token: TokenFacts | undefined;
}

/** Why Graph refused a request about subscriptions, and what an admin can do. */
export function explainRefusal({ doing, status, code, message, token }: Refusal): string {
  const refused = `Graph refused to ${doing} (${String(status)} ${code ?? 'no details'}).`;
  if (status === 400) return `${refused} ${explainValidation(message)}`;
  // A token without any role may be refused so, too.
  const isMissing = token !== undefined && heldRole(readUsers, token) === undefined;
  if (status === 401 && !isMissing) {
    return `${refused} The token was not accepted. ${aboutToken(token)}`.trim();
  }
  if (status !== 401 && status !== 403) return refused;
  if (status === 403 && /quota|limit|maximum/i.test(message)) {
    return `${refused} The tenant, or this app in it, has as many subscriptions as Graph allows: 100 for an app in a tenant, 1000 for a tenant. List them (GET /subscriptions) and delete those that nobody needs.`;
  }
  // Whoever subscribes needs this one; a role to write does not do.
  return `${refused} ${explainMissingRight(readUsers, token)}`;
}

function explainValidation(message: string): string {
  if (/timed out/i.test(message)) {
    return 'Graph called NOTIFICATION_URL or LIFECYCLE_URL and had no answer within 10 seconds: the app was starting, or a firewall keeps Graph out. It is tried again with the next run.';
  }
  if (/validat/i.test(message)) {
    return 'Graph calls the notification and the lifecycle address before it subscribes, and was not answered as it must be: check that NOTIFICATION_URL is this app, public, and asks for no sign-in; LIFECYCLE_URL likewise.';
  }
  return 'It did not like the request itself: check that NOTIFICATION_URL and LIFECYCLE_URL are public https addresses, and SUBSCRIPTION_LIFETIME_MINUTES.';
}

function aboutToken(token: TokenFacts | undefined): string {
  return token
    ? `It was issued at ${token.issuedAt.toISOString()} and a new one comes by ${token.expiresAt.toISOString()}.`
    : '';
}

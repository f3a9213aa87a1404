import { randomUUID } from 'node:crypto';
import type { ServiceAnswer } from '../books';
import type { HostedRole } from '../settings';
import type { TokenRefusal } from '../tokens';

const GRAPH_MESSAGES: Record<TokenRefusal, string> = {
  missing: 'Access token is empty.',
  malformed: 'IDX14100: JWT is not well formed, there are no dots (.).',
  foreign: 'Access token validation failure. Invalid signature.',
  expired: 'Lifetime validation failed, the token is expired.',
  audience: 'Access token validation failure. Invalid audience.',
};

const SHAREPOINT_REASONS: Record<TokenRefusal, string> = {
  missing: '',
  malformed: '3001000;reason="There has been an error authenticating the request.";category="invalid_client"',
  foreign: '3000006;reason="Token contains invalid signature.";category="invalid_client"',
  expired: '3000003;reason="The token is expired.";category="invalid_client"',
  audience: '3001000;reason="Invalid audience Uri.";category="invalid_client"',
};

const GRAPH_APP = '00000003-0000-0000-c000-000000000000';
const SHAREPOINT_APP = '00000003-0000-0ff1-ce00-000000000000';

/** The 401 that the service gives for this token. Nothing of the token is in it. */
export function refuseToken(
  role: HostedRole,
  refusal: TokenRefusal,
  tenantId: string,
  now: string,
): ServiceAnswer {
  if (role === 'graph') {
    const error = {
      code: 'InvalidAuthenticationToken',
      message: GRAPH_MESSAGES[refusal],
      innerError: { date: now.slice(0, 19), 'request-id': randomUUID(), 'client-request-id': randomUUID() },
    };
    const challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="${GRAPH_APP}"`;
    return {
      status: 401,
      headers: { 'Content-Type': 'application/json', 'WWW-Authenticate': challenge },
      body: JSON.stringify({ error }),
    };
  }
  const diagnostics = SHAREPOINT_REASONS[refusal];
  return {
    status: 401,
    headers: {
      'Content-Type': 'application/json;odata=nometadata;charset=utf-8',
      'WWW-Authenticate': `Bearer realm="${tenantId}",client_id="${SHAREPOINT_APP}",trusted_issuers="${SHAREPOINT_APP}@*"`,
      ...(diagnostics === '' ? {} : { 'x-ms-diagnostics': diagnostics }),
    },
    body: JSON.stringify({
      error: 'invalid_request',
      error_description:
        refusal === 'missing' ? 'There is no access token in the request.' : 'The access token was refused.',
    }),
  };
}

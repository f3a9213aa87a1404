import type { Service, ServiceAnswer, ServiceRequest } from './books';
import type { MovableClock } from './clock';
import type { Origins } from './serving/origins';
import { STORAGE_RESOURCE, type IssuedToken, type TokenAuthority } from './tokens';

const DAY = 24 * 60 * 60 * 1_000;

/** The app's client id, unless it asks with one of its own (a user-assigned identity). */
export const CLIENT_ID = '5f1b7c9e-3a64-4d0f-8b1c-0c6f6d2b9a11';

/** The application roles granted to the app: what its next tokens carry. */
export interface GrantedRoles {
  graph: string[];
  sharepoint: string[];
}

export const DEFAULT_ROLES: GrantedRoles = {
  graph: ['User.Read.All'],
  sharepoint: ['User.ReadWrite.All', 'Sites.Selected'],
};

export interface IdentityParts {
  clock: MovableClock;
  origins: Origins;
  tokens: TokenAuthority;
  identityHeader: string;
  roles: () => GrantedRoles;
  /** Microsoft keeps a managed identity's token for about a day, so that newly granted roles show late. */
  dayCache: boolean;
  /** Every token it gives out goes in here: a log may hold none of them. */
  issued: Set<string>;
}

const json = (status: number, body: unknown): ServiceAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  body: JSON.stringify(body),
});

const refusal = (status: number, message: string) => json(status, { statusCode: status, message });

/**
 * The token endpoint that App Service gives its apps, protocol 2019-08-01.
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export function createIdentity(parts: IdentityParts): Service {
  const cache = new Map<string, { issued: IssuedToken; at: number }>();

  function rolesFor(resource: string): string[] | undefined {
    if (resource === STORAGE_RESOURCE) return [];
    const role = parts.origins.roleOfResource(resource);
    if (role === undefined) return undefined;
    return role === 'graph' ? parts.roles().graph : parts.roles().sharepoint;
  }

  function tokenFor(resource: string, roles: readonly string[], clientId: string): IssuedToken {
    const key = `${clientId} ${resource}`;
    const known = cache.get(key);
    if (parts.dayCache && known !== undefined && parts.clock.now() - known.at < DAY) return known.issued;
    const issued = parts.tokens.issue(resource, roles, clientId);
    parts.issued.add(issued.token);
    cache.set(key, { issued, at: parts.clock.now() });
    return issued;
  }

  return ({ method, url, headers }: ServiceRequest) => {
    const answer = (): ServiceAnswer => {
      if (method !== 'GET' || !/^\/msi(\/token)?\/?$/i.test(url.pathname))
        return refusal(404, 'There is only GET /msi/token here.');
      if (headers['x-identity-header'] !== parts.identityHeader)
        return refusal(401, 'X-IDENTITY-HEADER is missing or wrong.');
      if (url.searchParams.get('api-version') !== '2019-08-01')
        return refusal(400, 'The api-version has to be 2019-08-01.');
      const resource = (url.searchParams.get('resource') ?? '').replace(/\/$/, '');
      const roles = rolesFor(resource);
      if (roles === undefined) return refusal(400, `No resource of this tenant is named "${resource}".`);
      const clientId = url.searchParams.get('client_id') ?? CLIENT_ID;
      const { token, expiresOn } = tokenFor(resource, roles, clientId);
      return json(200, {
        access_token: token,
        expires_on: String(expiresOn),
        resource,
        token_type: 'Bearer',
        client_id: clientId,
      });
    };
    return Promise.resolve(answer());
  };
}

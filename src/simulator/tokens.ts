import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  randomUUID,
  type KeyObject,
} from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import jwt from 'jsonwebtoken';
import type { SignedIn } from './directory/signed-in';

/** The audience that Azure Storage, and so Azurite, takes. */
export const STORAGE_RESOURCE = 'https://storage.azure.com';

const MOST_VERIFIED = 1_000;
const LIFETIME_SECONDS = 24 * 60 * 60;
const ADMIN_LIFETIME_SECONDS = 60 * 60;

/** The app's own object in the simulated directory. */
export const MANAGED_IDENTITY_ID = '7d3c9a51-6b0e-4b57-9b3f-2f1c58a4e6d0';

const ADMIN_ID = 'b1d6c2a7-40f3-4e19-8a55-93e1d07c6f24';

export type TokenRefusal = 'missing' | 'malformed' | 'foreign' | 'expired' | 'audience';

export type TokenCheck =
  { roles: readonly string[]; signedIn?: SignedIn | undefined } | { refusal: TokenRefusal };

export interface IssuedToken {
  token: string;
  /** Seconds since 1970, by the machine's clock. */
  expiresOn: number;
}

/**
 * Signs and checks the tenant's tokens. They live by the machine's clock, not the simulator's: the app's own token
 * cache and Azurite judge them too, and those know no other clock.
 */
export class TokenAuthority {
  /** Claims of tokens whose signature was right, by the token's hash. */
  private readonly verified = new Map<string, jwt.JwtPayload>();

  private constructor(
    private readonly privateKey: KeyObject,
    private readonly publicKey: KeyObject,
    private readonly tenantId: string,
  ) {}

  static async open(dataDir: string, tenantId: string): Promise<TokenAuthority> {
    const file = join(dataDir, 'token-key.pem');
    let pem: string;
    try {
      pem = await readFile(file, 'utf8');
    } catch {
      const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2_048 });
      pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      await writeFile(file, pem, { mode: 0o600 });
    }
    return new TokenAuthority(createPrivateKey(pem), createPublicKey(pem), tenantId);
  }

  /** `lifetimeSeconds` may be negative: tests need expired tokens. */
  issue(
    audience: string,
    roles: readonly string[],
    clientId: string,
    lifetimeSeconds = LIFETIME_SECONDS,
  ): IssuedToken {
    const claims = {
      ...this.claimsFor(audience, clientId, lifetimeSeconds),
      app_displayname: 'photo-sync',
      idtyp: 'app',
      oid: MANAGED_IDENTITY_ID,
      sub: MANAGED_IDENTITY_ID,
      roles,
    };
    return { token: jwt.sign(claims, this.privateKey, { algorithm: 'RS256' }), expiresOn: claims.exp };
  }

  /** A token for a tool that an admin is signed in to. */
  issueToAdmin(audience: string, clientId: string, { directoryRoles, scopes }: SignedIn): string {
    const claims = {
      ...this.claimsFor(audience, clientId, ADMIN_LIFETIME_SECONDS),
      idtyp: 'user',
      oid: ADMIN_ID,
      sub: ADMIN_ID,
      scp: scopes.join(' '),
      wids: directoryRoles,
    };
    return jwt.sign(claims, this.privateKey, { algorithm: 'RS256' });
  }

  private claimsFor(audience: string, clientId: string, lifetimeSeconds: number) {
    const now = Math.floor(Date.now() / 1_000);
    return {
      aud: audience,
      // Azurite's OAuth takes this issuer and no other: https://github.com/Azure/Azurite#oauth-configuration
      iss: `https://sts.windows.net/${this.tenantId}/`,
      iat: now - 5,
      nbf: now - 5,
      exp: now + lifetimeSeconds,
      appid: clientId,
      tid: this.tenantId,
      uti: randomUUID(),
      ver: '1.0',
    };
  }

  /** A client shows one token for a day, and checking its signature takes longer than most answers do. */
  private verify(token: string): jwt.JwtPayload {
    const key = createHash('sha256').update(token).digest('base64');
    const known = this.verified.get(key);
    if (known && (known.exp ?? 0) > Date.now() / 1_000) return known;
    const claims = jwt.verify(token, this.publicKey, { algorithms: ['RS256'] }) as jwt.JwtPayload;
    if (this.verified.size >= MOST_VERIFIED) this.verified.clear();
    this.verified.set(key, claims);
    return claims;
  }

  /** Reads an Authorization header. `audiences`: what the asked port answers to. The token is never kept or logged. */
  check(authorization: string | undefined, audiences: readonly string[]): TokenCheck {
    const [, token] = /^Bearer\s+(\S+)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return { refusal: 'missing' };
    let claims: jwt.JwtPayload;
    try {
      claims = this.verify(token);
    } catch (error) {
      if (jwt.decode(token) === null) return { refusal: 'malformed' };
      return { refusal: error instanceof jwt.TokenExpiredError ? 'expired' : 'foreign' };
    }
    const audience = typeof claims.aud === 'string' ? claims.aud.replace(/\/$/, '') : '';
    if (!audiences.includes(audience)) return { refusal: 'audience' };
    const { roles = [], scp, wids = [] } = claims as { roles?: string[]; scp?: string; wids?: string[] };
    return {
      roles,
      ...(scp !== undefined && { signedIn: { directoryRoles: wids, scopes: scp.split(' ') } }),
    };
  }
}

import * as z from 'zod';

/** What a token says of itself. For an explanation only: whether it is any good, its host decides. */
export interface TokenFacts {
  /** Application roles. */
  roles: readonly string[];
  issuedAt: Date;
  expiresAt: Date;
}

const time = z
  .int()
  .min(0)
  .max(100_000_000_000)
  .transform((seconds) => new Date(seconds * 1000));

const claims = z
  .looseObject({ roles: z.array(z.string()).default([]), iat: time, exp: time })
  .transform(({ roles, iat, exp }): TokenFacts => ({ roles, issuedAt: iat, expiresAt: exp }));

/**
 * Reads a token without checking it. @returns undefined where it can't be read: Microsoft promises no form.
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function describeToken(token: string): TokenFacts | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    return claims.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}

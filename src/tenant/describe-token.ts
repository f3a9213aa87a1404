import * as z from 'zod';

/** What a token says of itself. For an explanation only: whether it is any good, its host decides. */
export interface TokenFacts {
  /** Application roles. */
  roles: readonly string[];
  issuedAt: Date;
  expiresAt: Date;
  /** When the roles were granted, as far as the settings tell. */
  grantedAt?: Date | undefined;
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
 * Reads a token without checking it.
 * @param grantedAt goes into the facts as it is.
 * @returns undefined where it can't be read: Microsoft promises no form.
 * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function describeToken(token: string, grantedAt?: Date): TokenFacts | undefined {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    const facts = claims.safeParse(JSON.parse(payload)).data;
    return facts && { ...facts, ...(grantedAt && { grantedAt }) };
  } catch {
    return undefined;
  }
}

import { ServiceFailure } from '../errors';
import { waitsForRights } from './rights';

/** Tokens of the app's managed identity, one for each host. */
export interface Credentials {
  /**
   * @param origin an origin that the settings list; the token is for this host alone.
   * @throws ServiceFailure
   */
  tokenFor(origin: string): Promise<string>;
}

interface TokenSource {
  getToken(scope: string): Promise<{ token: string } | null>;
}

/**
 * The identity endpoint gives no way to set a time limit, so the wait for it is limited here. Tokens are kept by
 * @azure/identity and asked for anew when they are about to expire.
 */
export function createCredentials(
  source: TokenSource,
  options: { rightsGranted: boolean; timeoutMs: number },
): Credentials {
  return {
    async tokenFor(origin) {
      // A token asked for before the rights are granted stays without them for about a day: Azure keeps it.
      // https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations
      if (!options.rightsGranted) throw new ServiceFailure('rights', waitsForRights);
      const token = await withTimeLimit(source.getToken(`${origin}/.default`), options.timeoutMs);
      if (!token) throw new ServiceFailure('identity', 'The managed identity endpoint gave no token.');
      return token.token;
    },
  };
}

async function withTimeLimit<T>(pending: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ServiceFailure('identity', 'The managed identity endpoint did not answer in time.'));
    }, milliseconds);
  });
  try {
    return await Promise.race([pending, late]);
  } catch (error) {
    if (error instanceof ServiceFailure) throw error;
    const name = error instanceof Error ? error.name : 'unknown error';
    throw new ServiceFailure(
      'identity',
      `No token from the managed identity endpoint (${name}). If this lasts, check that the identity is assigned to the app and that AZURE_CLIENT_ID is its client id.`,
    );
  } finally {
    clearTimeout(timer);
  }
}

import { ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { InvalidSettings } from '../errors';
import { isLoopback } from '../tenant/clouds';
import { connectionName } from './names';

/** How Storage is reached: a connection string (on a developer's machine only) or addresses and an identity. */
export type StorageConnection =
  | { connectionString: string }
  | { queueServiceUri: string; tableServiceUri: string; credential: TokenCredential };

/**
 * The Functions convention for an identity-based connection: an exact name is a connection string, else a prefix.
 * https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
 * @param credential who asks, where that is not the app's managed identity.
 * @throws InvalidSettings
 */
export function storageConnection(
  environment: Record<string, string | undefined>,
  credential?: TokenCredential,
): StorageConnection {
  const connectionString = environment[connectionName];
  if (connectionString) return { connectionString };

  const problems: string[] = [];
  const address = (suffix: string): string => {
    const name = `${connectionName}__${suffix}`;
    const value = environment[name] ?? '';
    const url = URL.canParse(value) ? new URL(value) : undefined;
    if (url?.protocol !== 'https:' && !(url && isLoopback(url))) {
      // What stands there is not repeated: it may be a connection string, with its key.
      problems.push(`${name}: is not an https address like https://contoso.queue.core.windows.net.`);
    }
    return value;
  };
  const queueServiceUri = address('queueServiceUri');
  const tableServiceUri = address('tableServiceUri');
  if (problems.length > 0) throw new InvalidSettings(problems);

  return { queueServiceUri, tableServiceUri, credential: credential ?? appIdentity(environment) };
}

function appIdentity(environment: Record<string, string | undefined>): TokenCredential {
  const clientId = environment[`${connectionName}__clientId`];
  return clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential();
}

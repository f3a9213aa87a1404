import { QueueServiceClient, type StoragePipelineOptions } from '@azure/storage-queue';

/** A listener has its own patience; a single call gives up soon, so that stopping never takes long. */
const options: StoragePipelineOptions = {
  retryOptions: { maxTries: 3, retryDelayInMs: 100, maxRetryDelayInMs: 500, tryTimeoutInMs: 10_000 },
};

/**
 * The queue service of a trigger's `connection`. An exact name is a connection string; else the name is the prefix of
 * the settings of an identity-based connection.
 * https://learn.microsoft.com/azure/azure-functions/functions-reference#connections
 * @throws Error that names the settings that are missing.
 */
export async function openQueueService(
  connection: string,
  environment: Record<string, string | undefined>,
): Promise<QueueServiceClient> {
  const connectionString = environment[connection] || environment[`AzureWebJobs${connection}`];
  if (connectionString) return QueueServiceClient.fromConnectionString(connectionString, options);

  const uri = environment[`${connection}__queueServiceUri`] || environment[`${connection}__serviceUri`];
  if (!uri) {
    throw new Error(
      `Storage account connection string '${connection}' does not exist: set ${connection}, or ${connection}__queueServiceUri.`,
    );
  }
  const { DefaultAzureCredential, ManagedIdentityCredential } = await import('@azure/identity');
  const clientId = environment[`${connection}__clientId`];
  const isManagedIdentity = environment[`${connection}__credential`] === 'managedidentity';
  const managedIdentity = () =>
    clientId ? new ManagedIdentityCredential({ clientId }) : new ManagedIdentityCredential();
  return new QueueServiceClient(
    uri,
    isManagedIdentity ? managedIdentity() : new DefaultAzureCredential(),
    options,
  );
}

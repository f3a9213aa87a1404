import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project-root';

/** Where the parts of a running local tenant answer. */
export interface TenantAddresses {
  graphUrl: string;
  rootUrl: string;
  mySiteUrl: string;
  adminUrl: string;
  geo?: { mySiteUrl: string; adminUrl: string } | undefined;
  identityUrl: string;
  functionsUrl: string;
  caFile: string;
}

/** The settings of local.settings.sample.json: what `func start` would give the app beside a simulator on its usual ports. */
export async function readSampleSettings(): Promise<Record<string, string>> {
  const text = await readFile(join(projectRoot, 'local.settings.sample.json'), 'utf8');
  return (JSON.parse(text) as { Values: Record<string, string> }).Values;
}

/** Those of the app's settings that say where things are. */
export function addressSettings(addresses: TenantAddresses): Record<string, string> {
  return {
    GRAPH_URL: addresses.graphUrl,
    SHAREPOINT_ROOT_URL: addresses.rootUrl,
    SHAREPOINT_MYSITE_URL: addresses.mySiteUrl,
    SHAREPOINT_ADMIN_URL: addresses.adminUrl,
    ...(addresses.geo && { SHAREPOINT_GEOS: `${addresses.geo.mySiteUrl}=${addresses.geo.adminUrl}` }),
    IDENTITY_ENDPOINT: new URL('/msi/token', addresses.identityUrl).href,
    NODE_EXTRA_CA_CERTS: addresses.caFile,
    NOTIFICATION_URL: `${addresses.functionsUrl}/api/notifications`,
  };
}

/** Settings that the launcher knows better: where things are, and who the app is. */
const ownedSettings =
  /^(AzureWebJobs|PhotoSyncStorage|FUNCTIONS_|IDENTITY_|AZURE_|TENANT_ID$|NODE_EXTRA_CA_CERTS$|.*_URL$)/;

/** What the environment says otherwise than the sample: `SYNC_MODE=report npm start`. Core Tools, too, lets it win. */
export function settingsFromEnvironment(
  sample: Record<string, string>,
  environment: Record<string, string | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.keys(sample).flatMap((name) => {
      const value = environment[name];
      return value === undefined || ownedSettings.test(name) ? [] : [[name, value]];
    }),
  );
}

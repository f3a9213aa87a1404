import { parseEnv } from 'node:util';
import { wrongUse } from './problem';
import { runTool } from './run-tool';

/** What was deployed, as azd's environment names it. */
export interface Deployment {
  app: string;
  resourceGroup: string;
  subscriptionId: string | undefined;
  storage: string | undefined;
  /** All of azd's values, for infra/grant.mjs. */
  values: Record<string, string | undefined>;
}

export interface DeploymentOptions {
  app?: string;
  resourceGroup?: string;
  subscription?: string;
}

const word = /^[\w.()-]{1,90}$/;

/**
 * By options, else the environment, else `azd env get-values` in this folder.
 * @throws Problem where the app or its group is not told.
 */
export async function findDeployment(
  options: DeploymentOptions,
  environment: Record<string, string | undefined>,
): Promise<Deployment> {
  const isTold =
    environment.FUNCTION_APP_NAME !== undefined && environment.AZURE_RESOURCE_GROUP !== undefined;
  const values = { ...(isTold ? {} : await azdValues()), ...environment };
  const app = options.app ?? values.FUNCTION_APP_NAME ?? '';
  const resourceGroup = options.resourceGroup ?? values.AZURE_RESOURCE_GROUP ?? '';
  if (!word.test(app) || !word.test(resourceGroup)) {
    throw wrongUse(
      'Say which app: --app <name> and --resource-group <name>, or run this in the folder of the azd environment.',
    );
  }
  return {
    app,
    resourceGroup,
    subscriptionId: options.subscription ?? values.AZURE_SUBSCRIPTION_ID,
    storage: values.STATE_STORAGE_NAME,
    values,
  };
}

async function azdValues(): Promise<Record<string, string | undefined>> {
  const { code, stdout } = await runTool('azd', ['env', 'get-values']);
  return code === 0 ? parseEnv(stdout) : {};
}

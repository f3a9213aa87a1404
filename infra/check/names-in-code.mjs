/** What the app reads and uses, from the compiled sources: the templates have to agree with it. */
import settingsModule from '../../dist/settings.js';
import namesModule from '../../dist/storage/names.js';

export const { connectionName, poisonQueueOf, queueNames, tableNames } = namesModule;

/** Set by App Service itself. */
const setByAzure = ['WEBSITE_HOSTNAME'];
/** Known to the templates without asking. */
const setByTemplates = ['AZURE_CLIENT_ID', 'SHAREPOINT_TENANT', 'TENANT_ID'];

export const settingsOfApp = Object.keys(settingsModule.settingsSchema.shape).filter(
  (name) => !setByAzure.includes(name),
);
export const settingsOfAdmin = settingsOfApp.filter((name) => !setByTemplates.includes(name));

/** Read by the Functions host, and by src/storage/connection.ts. */
export const settingsOfHost = [
  ...['queueServiceUri', 'tableServiceUri', 'credential', 'clientId'].map(
    (name) => `${connectionName}__${name}`,
  ),
  ...['blobServiceUri', 'tableServiceUri', 'credential', 'clientId'].map(
    (name) => `AzureWebJobsStorage__${name}`,
  ),
  'APPLICATIONINSIGHTS_CONNECTION_STRING',
  'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
];

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { settingsSchema } from '../../src/settings';
import { storageConnection } from '../../src/storage/connection';
import { connectionName, queueNames, tableNames } from '../../src/storage/names';

/*
 * `npm run infra:check` asks the Bicep CLI what would be deployed. These few look at the sources, and so tell without
 * it, and at once, that a name or a setting was forgotten.
 */

const read = (file: string) => readFileSync(join(__dirname, '../../infra', file), 'utf8');

/** Of settings that are set in the templates, how. */
const app = read('modules/function-app.bicep');
const main = read('main.bicep');
const parameters = read('main.parameters.json');
const given = JSON.parse(parameters) as {
  parameters: { settings: { value: Record<string, string> } };
};
const ofAdmin = Object.keys(given.parameters.settings.value);

/** Set by App Service itself. */
const setByAzure = ['WEBSITE_HOSTNAME'];

it('Every setting that the app reads is deployed, and none that it does not', () => {
  const ofTemplates = Object.keys(settingsSchema.shape).filter((name) =>
    new RegExp(`\\b${name}: `).test(`${app}${main}`),
  );
  expect([...ofAdmin, ...ofTemplates, ...setByAzure].sort()).toEqual(
    Object.keys(settingsSchema.shape).sort(),
  );
});

it('An environment in which nothing was set makes an app that only reports, waits for its rights, and wants a doctor’s word before it writes', () => {
  const deployed = Object.fromEntries(ofAdmin.map((name) => [name, '']));
  const byAzureAndTemplates = {
    TENANT_ID: '6c1d2f60-94b7-4a0e-9f3b-5d7e8a9c0b12',
    AZURE_CLIENT_ID: '7d2e3f70-05c8-4b1f-8a4c-6e8f9b0d1c23',
    SHAREPOINT_TENANT: 'contoso',
    WEBSITE_HOSTNAME: 'contoso.azurewebsites.net',
  };
  expect(loadConfig({ ...deployed, ...byAzureAndTemplates })).toMatchObject({
    mode: 'report',
    rightsGranted: false,
    doctorRequired: true,
    notificationUrl: 'https://contoso.azurewebsites.net/api/notifications',
  });
});

it('No parameter has the name of a variable that images with tools set: azd would take their value for the admin’s', () => {
  const names = [...parameters.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!);
  expect(names.length).toBeGreaterThan(ofAdmin.length);
  expect(
    names.filter((name) => /^(NODE|NPM|YARN|DOTNET|PYTHON|JAVA|GO|BICEP|AZD?|AZURE_CLI)_VERSION$/.test(name)),
  ).toEqual([]);
});

it('Storage is reached by the settings that src/storage/connection.ts reads', () => {
  expect(app).toContain(`var stateConnection = '${connectionName}'`);
  const names = [...app.matchAll(/'\$\{stateConnection\}__(\w+)'/g)].map(([, name]) => name!);
  const values = {
    queueServiceUri: 'https://contoso.queue.core.windows.net',
    tableServiceUri: 'https://contoso.table.core.windows.net',
    credential: 'managedidentity',
    clientId: '7d2e3f70-05c8-4b1f-8a4c-6e8f9b0d1c23',
  };
  expect(names.sort()).toEqual(Object.keys(values).sort());
  const environment = Object.entries(values).map(([name, value]) => [`${connectionName}__${name}`, value]);
  expect(storageConnection(Object.fromEntries(environment))).toMatchObject({
    queueServiceUri: values.queueServiceUri,
    tableServiceUri: values.tableServiceUri,
  });
});

it.each([
  { what: 'queues', variable: 'queueNames', names: Object.values(queueNames) },
  { what: 'tables', variable: 'tableNames', names: Object.values(tableNames) },
])('The $what are those of src/storage/names.ts', ({ variable, names }) => {
  const list = new RegExp(`var ${variable} = \\[([^\\]]*)\\]`).exec(read('modules/state-storage.bicep'))?.[1];
  expect([...(list ?? '').matchAll(/'([^']+)'/g)].map(([, name]) => name)).toEqual(names);
});

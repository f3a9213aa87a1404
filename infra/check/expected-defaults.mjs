import { expectedAlerts } from './expected-alerts.mjs';
import { expectedRoles, expectedSecrets, expectedStorage } from './expected-storage.mjs';
import { is, isAskedOf, lastPart, look, same } from './look.mjs';
import {
  connectionName,
  poisonQueueOf,
  queueNames,
  settingsOfApp,
  settingsOfHost,
  tableNames,
} from './names-in-code.mjs';

/**
 * What is deployed where an admin chooses nothing. A wrong value of an open enumeration passes the compiler, which is
 * why the values stand here.
 */
export function expectedDefaults(resources) {
  const { of, one } = look(resources);
  return [
    ['a resource group of its own', is(one('Microsoft.Resources/resourceGroups').name, 'rg-check')],
    [
      'tags: on all that takes them',
      resources.filter(({ location }) => location).every(({ tags }) => tags?.['azd-env-name'] === 'check'),
    ],
    ...expectedStorage(resources),
    ...expectedNames(resources),
    ...expectedRoles(resources, 'User'),
    ...expectedSecrets(resources),
    ...expectedApp(one, of),
    ...expectedSettings(one('Microsoft.Web/sites/config').properties),
    ...expectedLogs(one),
    ...expectedAlerts(resources, { told: [], runbook: 'docs/runbook.md' }),
    ['no network', is(resources.filter(({ type }) => type.startsWith('Microsoft.Network/')).length, 0)],
    [
      'no role in Entra ID',
      is(resources.filter(({ type }) => type.startsWith('Microsoft.Graph/')).length, 0),
    ],
  ];
}

function expectedNames(resources) {
  const { named } = look(resources);
  const queues = Object.values(queueNames);
  return [
    [
      'queues: those of the code, each with its poison queue',
      same(named('Microsoft.Storage/storageAccounts/queueServices/queues'), [
        ...queues,
        ...queues.map(poisonQueueOf),
      ]),
    ],
    [
      'tables: those of the code',
      same(named('Microsoft.Storage/storageAccounts/tableServices/tables'), Object.values(tableNames)),
    ],
  ];
}

function expectedApp(one, of) {
  const plan = one('Microsoft.Web/serverfarms');
  const { kind, identity, tags, properties } = one('Microsoft.Web/sites');
  const { runtime, scaleAndConcurrency, deployment } = properties.functionAppConfig;
  const { type, value, authentication } = deployment.storage;
  const policies = of('Microsoft.Web/sites/basicPublishingCredentialsPolicies');
  return [
    ['app: Flex Consumption', is(plan.sku, { tier: 'FlexConsumption', name: 'FC1' })],
    ['app: Linux', is([plan.properties.reserved, kind], [true, 'functionapp,linux'])],
    ['app: Node.js 22', is(runtime, { name: 'node', version: '22' })],
    [
      'app: one HTTP instance always ready',
      is(scaleAndConcurrency.alwaysReady, [{ name: 'http', instanceCount: 1 }]),
    ],
    ['app: at most 40 instances of a function', is(scaleAndConcurrency.maximumInstanceCount, 40)],
    ['app: 512 MB', is(scaleAndConcurrency.instanceMemoryMB, 512)],
    [
      'app: its package is read by the identity',
      is(
        [type, authentication.type, /\/id-\w+$/.test(authentication.userAssignedIdentityResourceId)],
        ['blobContainer', 'UserAssignedIdentity', true],
      ),
    ],
    ['app: … from the host’s account', /sthost.*\.blob, 'package'\)\]$/.test(value)],
    ['app: a user-assigned identity alone', is(identity.type, 'UserAssigned')],
    ['app: https only', is(properties.httpsOnly, true)],
    ['app: TLS 1.2', is(properties.siteConfig.minTlsVersion, '1.2')],
    ['app: TLS 1.2 for deployments', is(properties.siteConfig.scmMinTlsVersion, '1.2')],
    ['app: no FTP', is(properties.siteConfig.ftpsState, 'Disabled')],
    [
      'app: no basic credentials for publishing',
      is(
        policies.map(({ name, properties: { allow } }) => [lastPart(name), allow]),
        [
          ['ftp', false],
          ['scm', false],
        ],
      ),
    ],
    [
      'app: Graph reaches it',
      is([properties.publicNetworkAccess, properties.virtualNetworkSubnetId], ['Enabled', null]),
    ],
    ['app: azd finds it', is(tags['azd-service-name'], 'api')],
  ];
}

function expectedSettings(settings) {
  const clientId = (value) => isAskedOf(value, 'userAssignedIdentities/id-', 'clientId');
  const endpoint = (name, account, service) => [
    `settings: ${name}`,
    isAskedOf(settings[name], `storageAccounts/${account}`, `primaryEndpoints\\.${service}`),
  ];
  return [
    [
      'settings: all that is read, and no other',
      same(Object.keys(settings), [...settingsOfApp, ...settingsOfHost]),
    ],
    endpoint(`${connectionName}__queueServiceUri`, 'ststate', 'queue'),
    endpoint(`${connectionName}__tableServiceUri`, 'ststate', 'table'),
    endpoint('AzureWebJobsStorage__blobServiceUri', 'sthost', 'blob'),
    endpoint('AzureWebJobsStorage__tableServiceUri', 'sthost', 'table'),
    ...[connectionName, 'AzureWebJobsStorage'].flatMap((connection) => [
      [
        `settings: ${connection} by the identity`,
        is(settings[`${connection}__credential`], 'managedidentity'),
      ],
      [`settings: ${connection} names the identity`, clientId(settings[`${connection}__clientId`])],
    ]),
    ['settings: the app knows its identity', clientId(settings.AZURE_CLIENT_ID)],
    ['settings: the tenant', is(settings.TENANT_ID, '44444444-4444-4444-8444-444444444444')],
    [
      'settings: logs are sent by the identity',
      /ClientId=\{0\};Authorization=AAD'/.test(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING) &&
        clientId(settings.APPLICATIONINSIGHTS_AUTHENTICATION_STRING),
    ],
    [
      'settings: … and to our component',
      isAskedOf(settings.APPLICATIONINSIGHTS_CONNECTION_STRING, 'components/appi-', 'ConnectionString'),
    ],
  ];
}

function expectedLogs(one) {
  const workspace = one('Microsoft.OperationalInsights/workspaces').properties;
  return [
    ['logs: a cap of 1 GB a day', is(workspace.workspaceCapping, { dailyQuotaGb: 1 })],
    ['logs: kept for 30 days', is(workspace.retentionInDays, 30)],
    ['logs: no keys for the workspace', is(workspace.features.disableLocalAuth, true)],
    [
      'logs: no keys for the component',
      is(one('Microsoft.Insights/components').properties.DisableLocalAuth, true),
    ],
  ];
}

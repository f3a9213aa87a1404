import { expectedAlerts } from './expected-alerts.mjs';
import { expectedRoles, expectedSecrets, expectedStorage } from './expected-storage.mjs';
import { is, lastPart, look } from './look.mjs';

/**
 * What is deployed with check/everything.bicepparam.
 * @param main the compiled template: a snapshot does not work out the names of roles in Entra ID.
 */
export function expectedEverything(resources, main) {
  const { of, one } = look(resources);
  const { tags, properties } = one('Microsoft.Web/sites');
  const { runtime, scaleAndConcurrency } = properties.functionAppConfig;
  return [
    ...expectedStorage(resources),
    ...expectedRoles(resources, 'Group'),
    ...expectedSecrets(resources),
    ['another name of the group', is(one('Microsoft.Resources/resourceGroups').name, 'photos')],
    ['further tags', is(tags.costCentre, '4711')],
    ['app: Node.js 24', is(runtime, { name: 'node', version: '24' })],
    ['app: no instance always ready', is(scaleAndConcurrency.alwaysReady, [])],
    ['app: at most 5 instances of a function', is(scaleAndConcurrency.maximumInstanceCount, 5)],
    ...expectedNetwork(of, one),
    ...expectedAlerts(resources, {
      told: ['photos@contoso.example', 'it@contoso.example'],
      runbook: 'https://contoso.example/runbook',
    }),
    ...expectedAppRoles(of('Microsoft.Graph/appRoleAssignedTo@v1.0'), main),
  ];
}

function expectedNetwork(of, one) {
  const site = one('Microsoft.Web/sites').properties;
  const subnets = one('Microsoft.Network/virtualNetworks').properties.subnets;
  const endpoints = of('Microsoft.Network/privateEndpoints');
  const zoneOf = ({ properties }) => properties.privateDnsZoneConfigs[0].properties.privateDnsZoneId;
  return [
    [
      'network: storage is closed, but to the admin’s addresses',
      is(
        of('Microsoft.Storage/storageAccounts').map(
          ({ properties: { publicNetworkAccess, networkAcls } }) => [
            publicNetworkAccess,
            networkAcls.defaultAction,
            (networkAcls.ipRules ?? []).map(({ value }) => value),
          ],
        ),
        [
          ['Enabled', 'Deny', ['203.0.113.7', '203.0.113.64/26']],
          ['Disabled', 'Deny', []],
        ],
      ),
    ],
    ['network: the app calls from its subnet', is(lastPart(site.virtualNetworkSubnetId), 'app')],
    [
      'network: which is delegated to it',
      is(
        subnets.map(({ name, properties }) => [name, properties.delegations?.[0].properties.serviceName]),
        [
          ['app', 'Microsoft.App/environments'],
          ['endpoints', undefined],
        ],
      ),
    ],
    ['network: a fixed address to the outside', /natGateways/.test(subnets[0].properties.natGateway.id)],
    ['network: Graph still reaches the app', is(site.publicNetworkAccess, 'Enabled')],
    [
      'network: an endpoint for each service that is used, none for the app',
      is(
        endpoints.map(
          ({
            properties: {
              privateLinkServiceConnections: [{ properties }],
            },
          }) => [lastPart(properties.privateLinkServiceId).split('4uk')[0], ...properties.groupIds].join(' '),
        ),
        ['ststate queue', 'ststate table', 'sthost blob', 'sthost table'],
      ),
    ],
    [
      'network: their names in the zone that was given, or in ours',
      is(
        of('Microsoft.Network/privateEndpoints/privateDnsZoneGroups').map((group) =>
          /\/hub\//.test(zoneOf(group)),
        ),
        [false, false, true, false],
      ),
    ],
    ['network: a zone where none was given', is(of('Microsoft.Network/privateDnsZones').length, 2)],
    [
      'network: … and a link to it',
      is(of('Microsoft.Network/privateDnsZones/virtualNetworkLinks').length, 2),
    ],
    [
      'network: its DNS servers',
      is(one('Microsoft.Network/virtualNetworks').properties.dhcpOptions.dnsServers, ['10.0.0.4']),
    ],
  ];
}

function expectedAppRoles(assignments, main) {
  const module = Object.values(main.resources).find(({ properties }) =>
    Boolean(properties?.template?.variables?.graphRoles),
  );
  const { variables, resources } = module.properties.template;
  return [
    [
      'Entra ID: the application roles on Graph',
      is(
        variables.graphRoles,
        "[union(createArray('User.Read.All'), if(parameters('readsGroups'), createArray('GroupMember.Read.All', 'Member.Read.Hidden'), createArray()))]",
      ),
    ],
    [
      'Entra ID: … and on SharePoint Online',
      is(
        variables.sharePointRoles,
        "[if(equals(parameters('sharePointAccess'), 'none'), createArray(), createArray('User.ReadWrite.All', if(equals(parameters('sharePointAccess'), 'full'), 'Sites.FullControl.All', 'Sites.Selected')))]",
      ),
    ],
    ['Entra ID: all five with groups', is(assignments.length, 5)],
    [
      'Entra ID: the two applications',
      is(
        [resources.graph, resources.sharePoint].map(({ properties }) => properties.appId),
        ['00000003-0000-0000-c000-000000000000', '00000003-0000-0ff1-ce00-000000000000'],
      ),
    ],
  ];
}

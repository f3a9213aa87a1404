import { dnsZoneIds, tagValues } from 'shared.bicep'

@description('Azure region.')
param location string

@description('Tags.')
param tags tagValues

@description('The network.')
param networkName string

@description('The account of queues and tables.')
param stateStorageName string

@description('The account of the package and the host.')
param hostStorageName string

@description('Ids of zones that exist already. Empty: a zone is made.')
param existingDnsZoneIds dnsZoneIds

// None for the app: Graph has to reach it.
var endpoints = [
  { account: stateStorageName, service: 'queue' }
  { account: stateStorageName, service: 'table' }
  { account: hostStorageName, service: 'blob' }
  { account: hostStorageName, service: 'table' }
]
var services = ['blob', 'queue', 'table']
var zoneNames = toObject(
  services,
  service => service,
  service => 'privatelink.${service}.${environment().suffixes.storage}'
)

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' existing = {
  name: networkName

  resource endpointSubnet 'subnets' existing = {
    name: 'endpoints'
  }
}

resource accounts 'Microsoft.Storage/storageAccounts@2024-01-01' existing = [
  for endpoint in endpoints: {
    name: endpoint.account
  }
]

resource zones 'Microsoft.Network/privateDnsZones@2020-06-01' = [
  for service in services: if (empty(existingDnsZoneIds[service])) {
    name: zoneNames[service]
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [
  for (service, index) in services: if (empty(existingDnsZoneIds[service])) {
    parent: zones[index]
    name: networkName
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2024-01-01' = [
  for (endpoint, index) in endpoints: {
    name: 'pe-${endpoint.account}-${endpoint.service}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::endpointSubnet.id }
      privateLinkServiceConnections: [
        {
          name: endpoint.service
          properties: { privateLinkServiceId: accounts[index].id, groupIds: [endpoint.service] }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-01-01' = [
  for (endpoint, index) in endpoints: {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.service
          properties: {
            privateDnsZoneId: empty(existingDnsZoneIds[endpoint.service])
              ? resourceId('Microsoft.Network/privateDnsZones', zoneNames[endpoint.service])
              : existingDnsZoneIds[endpoint.service]
          }
        }
      ]
    }
    dependsOn: [zones]
  }
]

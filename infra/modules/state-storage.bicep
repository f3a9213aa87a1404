import { roles, tagValues } from 'shared.bicep'

@description('Name of the account.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags tagValues

@description('The app\'s identity.')
param identityName string

@description('Object id of who runs the admin\'s tool. Empty: nobody.')
param principalId string

@description('What principalId is.')
param principalType 'User' | 'Group' | 'ServicePrincipal'

@description('Whether only private endpoints, and the addresses below, reach it.')
param isPrivate bool

@description('Public addresses or ranges that reach it all the same.')
param adminAddresses string[]

// The same names as in src/storage/names.ts: test/infra holds them together.
var queueNames = [
  'photo-changed'
  'photo-changed-backlog'
  'sweep-page'
  'subscription-event'
  'admin-request'
]
var tableNames = [
  'PhotoSyncPeople'
  'PhotoSyncSubscriptions'
  'PhotoSyncControl'
  'PhotoSyncSweeps'
  'PhotoSyncScope'
  'PhotoSyncRecords'
]
var isOpenToAdmins = !empty(adminAddresses)

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate && !isOpenToAdmins ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
      ipRules: [for address in adminAddresses: { action: 'Allow', value: address }]
    }
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: storage
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [
  for queue in queueNames: {
    parent: queueService
    name: queue
  }
]

// The Functions host moves a message here after its last try.
resource poisonQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [
  for queue in queueNames: {
    parent: queueService
    name: '${queue}-poison'
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: storage
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [
  for table in tableNames: {
    parent: tableService
    name: table
  }
]

// Contributor, not Processor and Sender: the host also has to add to a poison queue. On the account, because it holds
// nothing but this app's queues and tables.
resource appRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [roles.storageQueueDataContributor, roles.storageTableDataContributor]: {
    scope: storage
    name: guid(storage.id, identity.id, role)
    properties: {
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource adminRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in [roles.storageQueueDataContributor, roles.storageTableDataContributor]: if (!empty(principalId)) {
    scope: storage
    name: guid(storage.id, principalId, role)
    properties: {
      principalId: principalId
      principalType: principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

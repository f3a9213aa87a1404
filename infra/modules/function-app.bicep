import { settingValues, tagValues } from 'shared.bicep'

@description('Name of the plan.')
param planName string

@description('Name of the function app.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags tagValues

@description('The app\'s identity.')
param identityName string

@description('The account of queues and tables.')
param stateStorageName string

@description('The account of the package and the host.')
param hostStorageName string

@description('The container of the package.')
param packageContainer string

@description('The Application Insights component.')
param insightsName string

@description('The network that the app calls from. Empty: none.')
param networkName string

@description('Version of Node.js.')
param nodeVersion '22' | '24'

@description('Memory of an instance in MB.')
param instanceMemoryMB 512 | 2048 | 4096

@description('HTTP instances that are always running.')
param alwaysReadyHttp int

@description('The most instances that each function may have.')
param maximumInstanceCount int

@description('The app\'s own settings.')
param settings settingValues

var hostConnection = 'AzureWebJobsStorage'
var stateConnection = 'PhotoSyncStorage'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource stateStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: stateStorageName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' existing = {
  name: empty(networkName) ? 'none' : networkName

  resource appSubnet 'subnets' existing = {
    name: 'app'
  }
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // Graph has to reach it.
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(networkName) ? null : network::appSubnet.id
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
    }
    functionAppConfig: {
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyHttp == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyHttp }]
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
    }
  }

  // Replaces whatever the portal was told: settings belong into the azd environment.
  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(settings, {
      TENANT_ID: tenant().tenantId
      AZURE_CLIENT_ID: identity.properties.clientId

      '${stateConnection}__queueServiceUri': stateStorage.properties.primaryEndpoints.queue
      '${stateConnection}__tableServiceUri': stateStorage.properties.primaryEndpoints.table
      '${stateConnection}__credential': 'managedidentity'
      '${stateConnection}__clientId': identity.properties.clientId

      '${hostConnection}__blobServiceUri': hostStorage.properties.primaryEndpoints.blob
      '${hostConnection}__tableServiceUri': hostStorage.properties.primaryEndpoints.table
      '${hostConnection}__credential': 'managedidentity'
      '${hostConnection}__clientId': identity.properties.clientId

      // Names the component; without a token of the identity it opens nothing, since local authentication is off.
      APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
    })
  }

  resource ftpCredentials 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scmCredentials 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

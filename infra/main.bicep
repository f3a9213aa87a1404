targetScope = 'subscription'

import { dnsZoneIds, settingValues, tagValues } from 'modules/shared.bicep'

@description('Name of the azd environment: part of the resource group\'s name, and a tag on everything.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Azure region of everything. It must offer Flex Consumption.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Name of the resource group that is made for this app alone: whoever controls it holds the app\'s rights in the tenant.')
@minLength(1)
param resourceGroupName string = 'rg-${environmentName}'

@description('Further tags on everything, for a policy that asks for them.')
param tags tagValues = {}

@description('Object id of who runs photosync, the admin\'s tool: gets the data roles on the state storage. Empty: nobody.')
param principalId string = ''

@description('What principalId is: a person, a group, or the identity of a pipeline.')
param principalType 'User' | 'Group' | 'ServicePrincipal' = 'User'

@description('The name before .sharepoint.com, like contoso.')
@minLength(1)
@maxLength(63)
param sharePointTenant string

@description('The app\'s settings by name, as local.settings.sample.json lists them. Empty: the default in src/settings.ts.')
param settings settingValues

@description('Version of Node.js. 22 is supported until April 2027, 24 until April 2028.')
param nodeVersion '22' | '24' = '22'

@description('Memory of an instance in MB.')
param instanceMemoryMB 512 | 2048 | 4096 = 512

@description('HTTP instances that are always running. Each costs about 5 US dollars a month at 512 MB (an assumption: look the price up). With 0, a notification may meet a cold start; answers that take over 10 s make Graph drop notifications for minutes.')
@minValue(0)
@maxValue(10)
param alwaysReadyHttp int = 1

@description('The most instances that each function may have; all HTTP functions count as one.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('How long logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('GB of logs a day, after which the workspace takes no more until the next day. A decimal number, as text.')
param logDailyCapGB string = '1'

@description('Who gets the alerts: e-mail addresses with commas between them. Empty: the alerts are only seen in the portal.')
param alertEmails string = ''

@description('Where docs/runbook.md can be read, for the links in the alerts.')
param runbookUrl string = 'docs/runbook.md'

@description('Whether this deployment also grants the identity its roles in Entra ID, which takes a Privileged Role Administrator. Otherwise infra/grant.mjs does.')
param grantAppRoles bool = false

@description('With grantAppRoles, which role lets the app put pictures into SharePoint: Sites.Selected (and a permission on each My Site host, see the README), Sites.FullControl.All, or none at all where it only reports.')
param sharePointAccess 'selected' | 'full' | 'none' = 'selected'

@description('Whether storage is reached by private endpoints only. The app itself stays public: Graph has to reach it.')
param privateNetworking bool = false

@description('With privateNetworking: the addresses of the network that is made. A /24 or larger.')
param networkPrefix string = '10.91.0.0/24'

@description('With privateNetworking: ids of private DNS zones that exist already, which must be linked to where the app\'s network resolves names. Empty: zones are made.')
param existingDnsZoneIds dnsZoneIds = { blob: '', queue: '', table: '' }

@description('With privateNetworking: DNS servers of the network, with commas between them. Empty: Azure\'s own.')
param dnsServers string = ''

@description('With privateNetworking: public addresses or ranges, with commas between them, from which the admin\'s tool may reach the state storage all the same.')
param adminAddresses string = ''

var token = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, { 'azd-env-name': environmentName })
var names = {
  identity: 'id-${token}'
  stateStorage: 'ststate${token}'
  hostStorage: 'sthost${token}'
  workspace: 'log-${token}'
  insights: 'appi-${token}'
  plan: 'plan-${token}'
  app: 'func-${token}'
  network: 'vnet-${token}'
}
var packageContainer = 'package'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: resourceGroupName
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: allTags
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: names.network
    location: location
    tags: allTags
    prefix: networkPrefix
    dnsServers: empty(dnsServers) ? [] : split(replace(dnsServers, ' ', ''), ',')
  }
}

module stateStorage 'modules/state-storage.bicep' = {
  scope: group
  params: {
    name: names.stateStorage
    location: location
    tags: allTags
    identityName: names.identity
    principalId: principalId
    principalType: principalType
    isPrivate: privateNetworking
    adminAddresses: empty(adminAddresses) ? [] : split(replace(adminAddresses, ' ', ''), ',')
  }
  dependsOn: [identity]
}

module hostStorage 'modules/host-storage.bicep' = {
  scope: group
  params: {
    name: names.hostStorage
    location: location
    tags: allTags
    identityName: names.identity
    packageContainer: packageContainer
    isPrivate: privateNetworking
  }
  dependsOn: [identity]
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (privateNetworking) {
  scope: group
  params: {
    location: location
    tags: allTags
    networkName: names.network
    stateStorageName: names.stateStorage
    hostStorageName: names.hostStorage
    existingDnsZoneIds: existingDnsZoneIds
  }
  dependsOn: [network, stateStorage, hostStorage]
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: allTags
    identityName: names.identity
    retentionDays: logRetentionDays
    dailyCapGB: logDailyCapGB
  }
  dependsOn: [identity]
}

module app 'modules/function-app.bicep' = {
  scope: group
  params: {
    planName: names.plan
    name: names.app
    location: location
    tags: allTags
    identityName: names.identity
    stateStorageName: names.stateStorage
    hostStorageName: names.hostStorage
    packageContainer: packageContainer
    insightsName: names.insights
    networkName: privateNetworking ? names.network : ''
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    alwaysReadyHttp: alwaysReadyHttp
    maximumInstanceCount: maximumInstanceCount
    settings: union(settings, { SHAREPOINT_TENANT: sharePointTenant })
  }
  dependsOn: [stateStorage, hostStorage, monitoring, privateEndpoints]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    workspaceName: names.workspace
    appName: names.app
    emails: empty(alertEmails) ? [] : split(replace(alertEmails, ' ', ''), ',')
    runbookUrl: runbookUrl
  }
  dependsOn: [monitoring, app]
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    workspaceName: names.workspace
  }
  dependsOn: [monitoring]
}

module appRoles 'modules/app-roles.bicep' = if (grantAppRoles) {
  scope: group
  params: {
    identityName: names.identity
    sharePointAccess: sharePointAccess
    readsGroups: !empty(settings.?PILOT_GROUP) || !empty(settings.?EXCLUSION_GROUP)
  }
  dependsOn: [identity]
}

@description('Name of the function app.')
output FUNCTION_APP_NAME string = names.app

@description('The resource group of everything.')
output AZURE_RESOURCE_GROUP string = group.name

@description('For photosync --storage: the account of queues and tables.')
output STATE_STORAGE_NAME string = names.stateStorage

@description('Object id of the app\'s identity: who gets the roles in Entra ID.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Client id of the app\'s identity: who gets the permission on the My Site hosts.')
output IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('For infra/grant.mjs: the name before .sharepoint.com.')
output SHAREPOINT_TENANT string = sharePointTenant

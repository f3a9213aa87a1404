using '../main.bicep'

// Every part that a parameter brings. All ids here are made up.
param environmentName = 'check'
param location = 'westeurope'
param principalId = '11111111-1111-4111-8111-111111111111'
param principalType = 'Group'
param resourceGroupName = 'photos'
param tags = { costCentre: '4711' }
param sharePointTenant = 'contoso'
param settings = { EXCLUSION_GROUP: '22222222-2222-4222-8222-222222222222' }
param nodeVersion = '24'
param alwaysReadyHttp = 0
param maximumInstanceCount = 5
param alertEmails = 'photos@contoso.example, it@contoso.example'
param runbookUrl = 'https://contoso.example/runbook'
param grantAppRoles = true
param sharePointAccess = 'full'
param privateNetworking = true
param adminAddresses = '203.0.113.7, 203.0.113.64/26'
param dnsServers = '10.0.0.4'
param existingDnsZoneIds = {
  blob: '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
  queue: ''
  table: ''
}

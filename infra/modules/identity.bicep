import { tagValues } from 'shared.bicep'

@description('Name of the identity.')
param name string

@description('Azure region.')
param location string

@description('Tags.')
param tags tagValues

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

@description('Object id.')
output principalId string = identity.properties.principalId

@description('Client id.')
output clientId string = identity.properties.clientId

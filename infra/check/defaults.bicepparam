using '../main.bicep'

// What azd gives for an environment in which nothing is set: as little as it can. All ids here are made up.
param environmentName = 'check'
param location = 'westeurope'
param principalId = '11111111-1111-4111-8111-111111111111'
param sharePointTenant = 'contoso'
param settings = loadJsonContent('../main.parameters.json', 'parameters.settings.value')

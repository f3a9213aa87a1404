import { tagValues } from 'shared.bicep'

@description('Azure region.')
param location string

@description('Tags.')
param tags tagValues

@description('The Log Analytics workspace.')
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspace.id, 'photo-sync')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Photo Sync for SharePoint'
    category: 'workbook'
    sourceId: workspace.id
    version: 'Notebook/1.0'
    serializedData: string(loadJsonContent('../workbook.json'))
  }
}

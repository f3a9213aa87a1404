@export()
@description('Values of tags by their names.')
type tagValues = {
  @description('A tag.')
  *: string
}

@export()
@description('Settings of the app by their names.')
type settingValues = {
  @description('A setting.')
  *: string
}

@export()
@description('Ids of private DNS zones.')
type dnsZoneIds = {
  @description('privatelink.blob.…')
  blob: string

  @description('privatelink.queue.…')
  queue: string

  @description('privatelink.table.…')
  table: string
}

@export()
@description('Ids of built-in roles. https://learn.microsoft.com/azure/role-based-access-control/built-in-roles')
var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

extension microsoftGraphV1

@description('The app\'s identity.')
param identityName string

@description('Which role lets the app put pictures into SharePoint.')
param sharePointAccess 'selected' | 'full' | 'none'

@description('Whether the app reads who is in the groups of its settings.')
param readsGroups bool

var graphRoles = union(['User.Read.All'], readsGroups ? ['GroupMember.Read.All', 'Member.Read.Hidden'] : [])
var sharePointRoles = sharePointAccess == 'none'
  ? []
  : ['User.ReadWrite.All', sharePointAccess == 'full' ? 'Sites.FullControl.All' : 'Sites.Selected']

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0000-c000-000000000000'
}

resource sharePoint 'Microsoft.Graph/servicePrincipals@v1.0' existing = {
  appId: '00000003-0000-0ff1-ce00-000000000000'
}

resource graphAssignments 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for role in graphRoles: {
    principalId: identity.properties.principalId
    resourceId: graph.id
    appRoleId: filter(graph.appRoles, one => one.value == role && contains(one.allowedMemberTypes, 'Application'))[0].id
  }
]

resource sharePointAssignments 'Microsoft.Graph/appRoleAssignedTo@v1.0' = [
  for role in sharePointRoles: {
    principalId: identity.properties.principalId
    resourceId: sharePoint.id
    appRoleId: filter(sharePoint.appRoles, one => one.value == role && contains(one.allowedMemberTypes, 'Application'))[0].id
  }
]

/**
 * The application roles that the app's identity needs, why, and what breaks without each. Roles of Graph and SharePoint
 * share names, and some share ids: a role is one only together with its resource app. When roles are granted their ids
 * are looked up in the tenant; those here are for whoever reads the commands first.
 * https://learn.microsoft.com/graph/permissions-reference
 */

export const resourceApps = {
  graph: { name: 'Microsoft Graph', appId: '00000003-0000-0000-c000-000000000000' },
  sharepoint: { name: 'Office 365 SharePoint Online', appId: '00000003-0000-0ff1-ce00-000000000000' },
};

export const roles = {
  readUsers: {
    resource: 'graph',
    role: 'User.Read.All',
    id: 'df021288-bdef-4463-88db-98f22de89214',
    reason: 'to subscribe to changes of users, and to read accounts and photos',
  },
  readMembers: {
    resource: 'graph',
    role: 'GroupMember.Read.All',
    id: '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    reason: 'to read who is in the pilot group and the exclusion group',
  },
  readHiddenMembers: {
    resource: 'graph',
    role: 'Member.Read.Hidden',
    id: '658aa5d8-239f-45c4-aa12-864f4fc7e490',
    reason: 'the same, where a group hides its members',
  },
  writeProfiles: {
    resource: 'sharepoint',
    role: 'User.ReadWrite.All',
    id: '741f803b-c850-494e-b5df-cde7c675a1ca',
    reason: 'to read anybody’s user profile, and to set its picture properties',
  },
  selectedSites: {
    resource: 'sharepoint',
    role: 'Sites.Selected',
    id: '20d37865-089c-4dee-8c41-6967602d4ac8',
    reason: 'to put pictures on the My Site hosts, once each of them has a permission for the app',
  },
  allSites: {
    resource: 'sharepoint',
    role: 'Sites.FullControl.All',
    id: '678536fe-1083-478a-9c59-b99265e6b0d3',
    reason:
      'instead of Sites.Selected: it opens EVERY site and file in SharePoint and OneDrive to whoever controls the app',
  },
};

/**
 * @param options.sharePointAccess `selected`, `full`, or `none` where the app only reports and asks SharePoint nothing.
 * @param options.readsGroups a pilot group or an exclusion group is set.
 */
export function wantedRoles({ sharePointAccess, readsGroups }) {
  return [
    roles.readUsers,
    ...(readsGroups ? [roles.readMembers, roles.readHiddenMembers] : []),
    ...(sharePointAccess === 'none' ? [] : [roles.writeProfiles]),
    ...(sharePointAccess === 'selected' ? [roles.selectedSites] : []),
    ...(sharePointAccess === 'full' ? [roles.allSites] : []),
  ];
}

/** `User.Read.All on Microsoft Graph`. */
export const nameOf = ({ role, resource }) => `${role} on ${resourceApps[resource].name}`;

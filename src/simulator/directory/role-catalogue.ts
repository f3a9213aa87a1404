import { stableGuid } from '../sharepoint/stable-guid';

/**
 * The application roles that the two services define, as far as an admin may want to grant them to such an app. The ids
 * are the same in every tenant. `User.Read.All` and `User.ReadWrite.All` have the same id in both, `Sites.*` have not.
 * https://learn.microsoft.com/graph/permissions-reference
 */
const roleIds = {
  graph: {
    'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
    'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
    'ProfilePhoto.Read.All': 'e24d31aa-e1ab-4c80-85fe-23018690335d',
    'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    'Member.Read.Hidden': '658aa5d8-239f-45c4-aa12-864f4fc7e490',
    'Sites.Selected': '883ea226-0bf2-4a8f-9f9d-92c9162a727d',
    'Sites.FullControl.All': 'a82116e5-55eb-4c41-a434-62fe8a61c773',
  },
  sharepoint: {
    'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
    'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
    'Sites.Selected': '20d37865-089c-4dee-8c41-6967602d4ac8',
    'Sites.Read.All': 'd13f72ca-a275-4b96-b789-48ebcc4da984',
    'Sites.ReadWrite.All': 'fbcd29d2-fcca-4405-aded-518d457caae4',
    'Sites.Manage.All': '9bff6588-13f2-4c48-bbf2-ddab62256b36',
    'Sites.FullControl.All': '678536fe-1083-478a-9c59-b99265e6b0d3',
  },
} as const;

export type ResourceName = keyof typeof roleIds;

export interface Resource {
  name: ResourceName;
  /** Of its service principal: another in every tenant. */
  id: string;
  appId: string;
  displayName: string;
  roles: { id: string; value: string }[];
}

const resource = (name: ResourceName, appId: string, displayName: string): Resource => ({
  name,
  id: stableGuid(`service principal of ${appId}`),
  appId,
  displayName,
  roles: Object.entries(roleIds[name]).map(([value, id]) => ({ id, value })),
});

export const resources: readonly Resource[] = [
  resource('graph', '00000003-0000-0000-c000-000000000000', 'Microsoft Graph'),
  resource('sharepoint', '00000003-0000-0ff1-ce00-000000000000', 'Office 365 SharePoint Online'),
];

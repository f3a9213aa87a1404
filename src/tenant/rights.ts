/** An application role that the app's identity needs. Roles of Graph and SharePoint share names, so each has its resource app. */
export interface Right {
  role: string;
  resourceApp: 'Microsoft Graph' | 'Office 365 SharePoint Online';
  /** Other roles of the same app that do as well, and more than is needed. */
  orElse: readonly string[];
  /** What the role alone does not give. */
  besides?: string;
}

/** https://learn.microsoft.com/graph/api/subscription-post-subscriptions#permissions */
export const readUsers: Right = { role: 'User.Read.All', resourceApp: 'Microsoft Graph', orElse: [] };

/** https://learn.microsoft.com/graph/api/group-list-transitivemembers#permissions */
export const readMembers: Right = {
  role: 'GroupMember.Read.All',
  resourceApp: 'Microsoft Graph',
  orElse: ['Group.Read.All', 'Directory.Read.All'],
};

/** https://learn.microsoft.com/graph/api/group-list-transitivemembers#permissions */
export const readHiddenMembers: Right = {
  role: 'Member.Read.Hidden',
  resourceApp: 'Microsoft Graph',
  orElse: [],
};

/** https://learn.microsoft.com/sharepoint/troubleshoot/administration/app-permission-error-update-user-profile-property */
export const writeProfiles: Right = {
  role: 'User.ReadWrite.All',
  resourceApp: 'Office 365 SharePoint Online',
  orElse: [],
};

/** https://learn.microsoft.com/sharepoint/dev/sp-add-ins-modernize/understanding-rsc-for-msgraph-and-sharepoint-online */
export const writeFiles: Right = {
  role: 'Sites.Selected',
  resourceApp: 'Office 365 SharePoint Online',
  orElse: ['Sites.FullControl.All', 'Sites.Manage.All', 'Sites.ReadWrite.All'],
  besides: 'write permission on the My Site host',
};

/** What the app says until RIGHTS_GRANTED is set. */
export const waitsForRights =
  'The app waits for its rights: RIGHTS_GRANTED is not set, so no token is asked for. Its identity needs the application roles User.Read.All on Microsoft Graph (with PILOT_GROUP or EXCLUSION_GROUP also GroupMember.Read.All and Member.Read.Hidden) and User.ReadWrite.All and Sites.Selected on "Office 365 SharePoint Online". "node infra/grant.mjs" grants them, and then sets RIGHTS_GRANTED.';

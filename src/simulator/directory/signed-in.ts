/** An admin who is signed in to a tool, which asks in their name. */
export interface SignedIn {
  /** The directory roles that are active, by the ids of their templates. */
  directoryRoles: readonly string[];
  /** What the tool may do in anybody's name. */
  scopes: readonly string[];
}

/** https://learn.microsoft.com/entra/identity/role-based-access-control/permissions-reference */
export const directoryRoleIds = {
  'Global Administrator': '62e90394-69f5-4237-9190-012177145e10',
  'Privileged Role Administrator': 'e8611ab8-c189-46e8-94e1-60213ab1f814',
  'SharePoint Administrator': 'f28a1f50-f6e7-4571-818b-6a12f2af6b6c',
} as const;

export type DirectoryRole = keyof typeof directoryRoleIds;

/** The tools an admin may come with: their client ids, and what they were consented to. */
export const adminTools = {
  /** It holds no Sites.FullControl.All, whoever is signed in to it. */
  'azure-cli': {
    appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
    scopes: [
      'Application.ReadWrite.All',
      'AppRoleAssignment.ReadWrite.All',
      'Directory.AccessAsUser.All',
      'Group.ReadWrite.All',
      'User.ReadWrite.All',
    ],
  },
  /** Graph PowerShell or another client that the tenant consented to for this. */
  'sites-client': { appId: '14d82eec-204b-4c2f-b7e8-296a70dab67e', scopes: ['Sites.FullControl.All'] },
} as const;

export type AdminTool = keyof typeof adminTools;

const hasOneOf = (who: SignedIn | undefined, roles: readonly DirectoryRole[]): boolean =>
  roles.some((role) => who?.directoryRoles.includes(directoryRoleIds[role]) === true);

/** https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments#permissions */
export const mayGrantRoles = (who: SignedIn | undefined): boolean =>
  who?.scopes.includes('AppRoleAssignment.ReadWrite.All') === true &&
  hasOneOf(who, ['Global Administrator', 'Privileged Role Administrator']);

/** https://learn.microsoft.com/graph/api/site-post-permissions#permissions */
export const mayPermitSites = (who: SignedIn | undefined): boolean =>
  who?.scopes.includes('Sites.FullControl.All') === true &&
  hasOneOf(who, ['Global Administrator', 'SharePoint Administrator']);

import { readUsers, writeFiles, writeProfiles, type Right } from '../tenant/rights';

/** The steps in their order; each begins when the one before did not fail. */
export const stepNames = [
  'settings',
  'tokens',
  'person',
  'profile',
  'folder',
  'versions',
  'files',
  'properties',
  'read-back',
  'restore',
] as const;

export type StepName = (typeof stepNames)[number];

/** What a step asks for. The last two ask for both, which by then were granted once. */
const rightsOf: Partial<Record<StepName, readonly Right[]>> = {
  person: [readUsers],
  profile: [writeProfiles],
  folder: [writeFiles],
  versions: [writeFiles],
  files: [writeFiles],
  properties: [writeProfiles],
  'read-back': [writeProfiles, writeFiles],
  restore: [writeProfiles, writeFiles],
};

export interface Explanation {
  detail: string;
  role?: string;
  resourceApp?: string;
  causes?: readonly string[];
}

/**
 * What an admin can do about a step that failed.
 * @param failure.status HTTP status, where a service answered.
 * @param mySiteUrl the My Site host in question; undefined before it is known.
 */
export function explainFailure(
  step: StepName,
  failure: { message: string; status: number | undefined },
  mySiteUrl: string | undefined,
): Explanation {
  const { message, status } = failure;
  const rights = rightsOf[step] ?? [];
  const [right] = rights;
  if (!right || (status !== 401 && status !== 403)) return { detail: message };
  const named = {
    role: rights.map(({ role, besides }) => (besides ? `${role} with ${besides}` : role)).join(' and '),
    resourceApp: right.resourceApp,
  };
  if (right.resourceApp === 'Microsoft Graph') return { detail: message, ...named };
  return { detail: message, ...named, causes: causesOf(rights, mySiteUrl ?? 'the My Site host') };
}

/** In the order in which they are worth looking at. The token has the role by now, or could not be read. */
function causesOf(rights: readonly Right[], mySite: string): string[] {
  const site = `The app's identity has no write permission on ${mySite}: "node infra/grant.mjs --print" shows the command for a SharePoint Administrator.`;
  return [
    ...(rights.includes(writeFiles) ? [site] : []),
    // https://learn.microsoft.com/sharepoint/control-access-based-on-network-location
    'The network-location policy lets in only certain addresses, and not those of Azure: (Get-SPOTenant).IPAddressEnforcement is then True.',
    // https://learn.microsoft.com/powershell/module/microsoft.online.sharepoint.powershell/get-spotenantrestrictedappaccesscontrol
    `Application restrictions deny the app: see Get-SPOTenantRestrictedAppAccessControl and Get-SPOSiteRestrictedAppAccessControl -Identity ${mySite}.`,
  ];
}

const displayName = 'Photo Sync for SharePoint';

/**
 * What a SharePoint Administrator runs for these My Site hosts: any one of three tools does.
 * https://pnp.github.io/cli-microsoft365/cmd/spo/site/site-apppermission-add
 * https://pnp.github.io/powershell/cmdlets/Grant-PnPEntraIDAppSitePermission.html
 * https://learn.microsoft.com/graph/api/site-post-permissions
 */
export function siteCommands(hosts, { clientId = '<client id of the identity>', revoke }) {
  const tools = revoke ? revoking : granting;
  return Object.entries(tools).flatMap(([tool, { first, each }]) => [
    `# ${tool}`,
    ...first,
    ...hosts.flatMap((host) => each(host, clientId)),
  ]);
}

// Without an application of the tenant's own it signs nobody in. https://pnp.github.io/cli-microsoft365/cmd/setup
const cliForMicrosoft365 = ['# only once, where it was not set up yet:', 'm365 setup', 'm365 login'];
const graphPowerShell = ['Connect-MgGraph -Scopes Sites.FullControl.All'];

const connectPnP = (host) =>
  `Connect-PnPOnline -Url https://${host} -Interactive -ClientId <your tenant's app for PnP PowerShell>`;

const granting = {
  'CLI for Microsoft 365': {
    first: cliForMicrosoft365,
    each: (host, clientId) => [
      `m365 spo site apppermission add --siteUrl https://${host} --permission write --appId ${clientId} --appDisplayName "${displayName}"`,
    ],
  },
  'or PnP PowerShell': {
    first: [],
    each: (host, clientId) => [
      connectPnP(host),
      `Grant-PnPEntraIDAppSitePermission -AppId ${clientId} -DisplayName "${displayName}" -Permissions Write -Site https://${host}`,
    ],
  },
  'or Microsoft Graph PowerShell': {
    first: graphPowerShell,
    each: (host, clientId) => [
      `New-MgSitePermission -SiteId (Get-MgSite -SiteId ${host}).Id -BodyParameter @{ roles = @('write'); grantedToIdentities = @(@{ application = @{ id = '${clientId}'; displayName = '${displayName}' } }) }`,
    ],
  },
};

const revoking = {
  'CLI for Microsoft 365': {
    first: cliForMicrosoft365,
    each: (host, clientId) => [
      `m365 spo site apppermission remove --siteUrl https://${host} --appId ${clientId} --force`,
    ],
  },
  'or PnP PowerShell': {
    first: [],
    each: (host, clientId) => [
      connectPnP(host),
      `Get-PnPEntraIDAppSitePermission -AppIdentity ${clientId} -Site https://${host} | ForEach-Object { Revoke-PnPEntraIDAppSitePermission -PermissionId $_.Id -Site https://${host} -Force }`,
    ],
  },
  'or Microsoft Graph PowerShell': {
    first: graphPowerShell,
    each: (host, clientId) => [
      `$site = (Get-MgSite -SiteId ${host}).Id`,
      `Get-MgSitePermission -SiteId $site -All | Where-Object { $_.GrantedToIdentitiesV2.Application.Id -eq '${clientId}' } | ForEach-Object { Remove-MgSitePermission -SiteId $site -PermissionId $_.Id }`,
    ],
  },
};

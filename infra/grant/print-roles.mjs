import { nameOf, resourceApps } from './roles.mjs';

/**
 * The commands that grant or revoke roles, for a POSIX shell such as the one of Azure Cloud Shell. They ask for the ids
 * that differ from tenant to tenant when they are run.
 */
export function roleCommands(roles, options) {
  const command = options.revoke ? revokeCommand : grantCommand;
  return [...new Set(roles.map(({ resource }) => resource))].flatMap((resource) => [
    `# ${resourceApps[resource].name} (${resourceApps[resource].appId})`,
    `${resource}=$(az ad sp show --id ${resourceApps[resource].appId} --query id --output tsv)`,
    ...roles
      .filter((role) => role.resource === resource)
      .flatMap((role) => [`# ${nameOf(role)}: ${role.reason}`, command(role, options)]),
  ]);
}

const assignments = ({ graphUrl, principalId }) =>
  `${graphUrl}/v1.0/servicePrincipals/${principalId ?? '<object id of the identity>'}/appRoleAssignments`;

function grantCommand({ resource, id }, options) {
  const { principalId = '<object id of the identity>' } = options;
  const body = `{\\"principalId\\":\\"${principalId}\\",\\"resourceId\\":\\"$${resource}\\",\\"appRoleId\\":\\"${id}\\"}`;
  return `az rest --method POST --url "${assignments(options)}" --headers Content-Type=application/json --body "${body}"`;
}

function revokeCommand({ resource, id }, options) {
  const url = assignments(options);
  const query = `value[?resourceId=='$${resource}' && appRoleId=='${id}'].id`;
  return `for one in $(az rest --method GET --url "${url}" --query "${query}" --output tsv); do az rest --method DELETE --url "${url}/$one"; done`;
}

/**
 * Tells the function app that it may ask for tokens, or that it may not any more. azd is told, too: its next provisioning
 * replaces all settings of the app with what its environment holds.
 */
export function appSettingCommands({ app, resourceGroup }, value) {
  const [name, group] = [app ?? '<function app>', resourceGroup ?? '<resource group>'];
  return [
    `az functionapp config appsettings set --name ${name} --resource-group "${group}" --settings RIGHTS_GRANTED=${value} --output none`,
    '# and where azd deployed it, in that folder, or the next "azd provision" takes it back:',
    `azd env set RIGHTS_GRANTED ${value}`,
  ];
}

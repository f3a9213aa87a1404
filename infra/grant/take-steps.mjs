import { setAppSetting, setAzdValue, tokenForGraph } from './az.mjs';
import { createGraph } from './graph.mjs';
import { grantRoles } from './grant-roles.mjs';
import { appSettingCommands, roleCommands } from './print-roles.mjs';
import { siteCommands } from './print-sites.mjs';
import { OutOfReach } from './problems.mjs';
import { revokeRoles, rolesHeld } from './revoke-roles.mjs';
import { nameOf, roles, wantedRoles } from './roles.mjs';
import { grantSitePermissions, lookAtSitePermissions, revokeSitePermissions } from './site-permissions.mjs';

const twoSteps = 'Who may do what, and how the two steps go together: docs/grant.md';

/**
 * Step a, the roles, and step b, the permissions on the My Site hosts. What could not be done is printed as commands for
 * whoever may.
 * @returns the roles that are `missing`, and `sites` with the state of each.
 * @throws Refused, OutOfReach
 */
export async function grantRights(deps, options) {
  const { tell, print } = deps;
  const graph = await openGraph(deps, options);
  const { identity, missing, grantedAt } = await grantRoles({ ...deps, graph }, options);
  const known = { ...options, principalId: identity.id, clientId: identity.appId };
  if (missing.length > 0) {
    tell(
      `Missing: ${missing.map(nameOf).join(', ')}. Whoever is signed in here may not grant them: it takes a Privileged Role Administrator. They run:`,
    );
    print(roleCommands(missing, known));
    tell(`or, with this folder: node infra/grant.mjs --principal ${identity.id}`);
    tell(
      'Then run this again (in a deployment: azd hooks run postprovision). Until then the app asks for no token.',
    );
  } else await tellApp(deps, options, grantedAt ?? 'true');

  const sites = await permitSites({ ...deps, graph }, known);
  tell(twoSteps);
  return { missing: missing.map(nameOf), grantedAt, sites };
}

/** Undoes both steps. The app is told first, so that it keeps no token from between the roles. */
export async function revokeRights(deps, options) {
  const { tell, print } = deps;
  await tellApp(deps, options, 'false');
  const graph = await openGraph(deps, options);
  const { missing } = await revokeRoles({ ...deps, graph }, options);
  if (missing.length > 0) {
    tell(
      `Still there: ${missing.map(nameOf).join(', ')}. It takes a Privileged Role Administrator to revoke them. They run:`,
    );
    print(roleCommands(missing, options));
  }
  if (!knowsSites(deps, options)) return { missing: missing.map(nameOf), sites: [] };
  const sites = await revokeSitePermissions({ ...deps, graph: sitesGraph(deps, options, graph) }, options);
  const left = sites.filter(({ state }) => state !== 'revoked').map(({ host }) => host);
  if (left.length > 0) {
    tell('What a SharePoint Administrator runs to take the permissions away, with one of these tools:');
    print(siteCommands(left, options));
  }
  return { missing: missing.map(nameOf), sites };
}

/** Changes nothing. @returns the roles that the identity holds, and the state of each site. @throws Refused, OutOfReach */
export async function checkRights(deps, options) {
  const graph = await openGraph(deps, options);
  const held = (await rolesHeld({ ...deps, graph }, options)).map(nameOf);
  deps.tell(
    held.length > 0 ? `The identity holds: ${held.join(', ')}.` : 'The identity holds none of the roles.',
  );
  if (!knowsSites(deps, options)) return { held, sites: [] };
  const sites = await lookAtSitePermissions({ ...deps, graph: sitesGraph(deps, options, graph) }, options);
  return { held, sites };
}

/** Nobody is asked, nothing is changed. */
export function printCommands({ tell, print }, options) {
  const steps = [
    {
      who: 'A Privileged Role Administrator, signed in with "az login"',
      commands: roleCommands(options.revoke ? Object.values(roles) : wantedRoles(options), options),
    },
    {
      who: 'A SharePoint Administrator, with one of these tools',
      commands: takesSites(options) ? siteCommands(options.mySiteHosts, options) : ['# nothing'],
    },
    { who: 'Whoever owns the function app', commands: appSettingCommands(options, String(!options.revoke)) },
  ];
  // The app is to have no token from between two roles: it is told last that it may ask, and first that it may not.
  for (const [index, { who, commands }] of (options.revoke ? steps.reverse() : steps).entries()) {
    tell(`${index + 1}. ${who}:`);
    print(commands);
  }
  tell(twoSteps);
}

/** What stands in for everything where nobody is signed in, or Graph can't be reached. */
export function printAfter(deps, options, problem) {
  deps.tell(`The rights were not granted: ${problem.message}`);
  printCommands(deps, options);
  deps.tell(
    'Or sign in with "az login" and run: azd hooks run postprovision. Until then the app asks for no token and does nothing.',
  );
}

/** Permissions that were given once are taken back whatever the app's access is by now. */
const takesSites = ({ revoke, sharePointAccess, mySiteHosts }) =>
  (revoke || sharePointAccess === 'selected') && mySiteHosts.length > 0;

function knowsSites({ tell }, { mySiteHosts, clientId }) {
  if (mySiteHosts.length > 0 && clientId) return true;
  tell('Permissions on sites are not looked at: that takes --sharepoint and --client.');
  return false;
}

async function permitSites(deps, options) {
  const { tell, print } = deps;
  if (!takesSites(options)) return [];
  const graph = sitesGraph(deps, options, deps.graph);
  const sites = await grantSitePermissions(
    { ...deps, graph, mayGrant: Boolean(options.sitesToken) },
    options,
  );
  const left = sites.filter(({ state }) => state !== 'granted').map(({ host }) => host);
  if (left.length > 0) {
    tell(
      'Unless they have done so: what a SharePoint Administrator runs to let the app write there, with one of these tools:',
    );
    print(siteCommands(left, options));
    tell(
      '"photosync doctor" proves it. Or give this script the token of such a client as SITES_TOKEN, like "m365 util accesstoken get --resource https://graph.microsoft.com".',
    );
  }
  return sites;
}

const sitesGraph = ({ sleep }, { graphUrl, sitesToken }, otherwise) =>
  sitesToken ? createGraph({ graphUrl, token: sitesToken, sleep }) : otherwise;

const openGraph = async ({ sleep }, options) =>
  createGraph({ graphUrl: options.graphUrl, token: await tokenForGraph(options), sleep });

/**
 * Sets RIGHTS_GRANTED, last of all. A time is when the roles were granted: the app goes by it when it explains that
 * Azure still hands out a token from before.
 */
async function tellApp({ tell, print }, options, value) {
  const { app, resourceGroup, isAzd } = options;
  if (isAzd) await setAzdValue('RIGHTS_GRANTED', value).catch((error) => tell(error.message));
  try {
    if (!app || !resourceGroup) throw new OutOfReach('No function app is named (--app, --resource-group).');
    await setAppSetting(options, 'RIGHTS_GRANTED', value);
    tell(`RIGHTS_GRANTED of ${app} is ${value} now.`);
  } catch (error) {
    tell(`RIGHTS_GRANTED was not set: ${error.message} Whoever owns the function app runs:`);
    print(appSettingCommands(options, value));
  }
}

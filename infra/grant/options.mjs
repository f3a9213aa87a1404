import { parseArgs } from 'node:util';
import { WrongUse } from './problems.mjs';

export const usage = `Usage: node infra/grant.mjs [--print | --check | --revoke | --hook] [options]

Grants the identity of Photo Sync its rights in the tenant. A Privileged Role Administrator runs it, signed in with
the Azure CLI ("az login"). Running it again does no harm.

  --print                   only prints the commands, to read them first; changes nothing and asks nobody
  --check                   only looks which of the rights there are
  --revoke                  takes the rights away again
  --hook                    as azd runs it after provisioning: never fails

  --principal <object id>   of the app's identity                     (IDENTITY_PRINCIPAL_ID)
  --client <client id>      of the same identity                      (IDENTITY_CLIENT_ID)
  --tenant <id>             the tenant to sign in to                  (AZURE_TENANT_ID)
  --sharepoint <name>       the name before .sharepoint.com           (SHAREPOINT_TENANT)
  --sharepoint-access <a>   selected, full or none                    (SHAREPOINT_ACCESS, or selected)
                            full opens every site to the app; none is for an app that only reports
  --groups                  the app reads groups                      (PILOT_GROUP or EXCLUSION_GROUP is set)
  --app <name>              the function app that is told at the end  (FUNCTION_APP_NAME)
  --resource-group <name>   its resource group                        (AZURE_RESOURCE_GROUP)
  --subscription <id>       its subscription                          (AZURE_SUBSCRIPTION_ID)
  --wait <seconds>          for what was just made in Entra ID        (180)
  --output text|json        how the outcome is printed                (text)

"azd env get-values" shows the values in brackets. SITES_TOKEN in the environment is a token for Graph of a
client that may grant permissions on sites, with a SharePoint Administrator signed in to it: with it, the
permissions on the My Site hosts are granted, checked and revoked, too.
`;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What may stand in a command: nothing that a shell would take for more than a word. */
const word = /^[\w.()-]{1,90}$/;

/** Ends of the hosts that a token may be sent to. */
const graphSuffixes = ['.microsoft.com', '.microsoft.us', '.chinacloudapi.cn'];
const sharePointSuffixes = ['.sharepoint.com', '.sharepoint.us', '.sharepoint-mil.us', '.sharepoint.cn'];

/** @throws WrongUse with everything that is wrong. */
export function readOptions(args, environment) {
  const { values } = parse(args);
  const problems = [];
  const given = (name, setting, pattern) => {
    const value = (values[name] ?? environment[setting])?.trim() || undefined;
    if (value === undefined || pattern.test(value)) return value;
    problems.push(`--${name} (${setting}) can't be "${value}".`);
    return undefined;
  };
  const sharePointTenant = given('sharepoint', 'SHAREPOINT_TENANT', /^[a-z0-9-]{1,63}$/i);
  const options = {
    mode: values.print ? 'print' : values.check ? 'check' : values.hook ? 'hook' : 'run',
    revoke: values.revoke ?? false,
    principalId: given('principal', 'IDENTITY_PRINCIPAL_ID', guid)?.toLowerCase(),
    clientId: given('client', 'IDENTITY_CLIENT_ID', guid)?.toLowerCase(),
    tenantId: given('tenant', 'AZURE_TENANT_ID', guid),
    sharePointAccess: given('sharepoint-access', 'SHAREPOINT_ACCESS', /^(selected|full|none)$/) ?? 'selected',
    readsGroups: values.groups ?? Boolean(environment.PILOT_GROUP || environment.EXCLUSION_GROUP),
    app: given('app', 'FUNCTION_APP_NAME', word),
    resourceGroup: given('resource-group', 'AZURE_RESOURCE_GROUP', word),
    subscriptionId: given('subscription', 'AZURE_SUBSCRIPTION_ID', guid),
    waitSeconds: Number(given('wait', 'GRANT_WAIT_SECONDS', /^\d{1,4}$/) ?? 180),
    output: given('output', 'GRANT_OUTPUT', /^(text|json)$/) ?? 'text',
    graphUrl: originOf(environment.GRAPH_URL || 'https://graph.microsoft.com', graphSuffixes, problems),
    mySiteHosts: mySiteHosts(sharePointTenant, environment, problems),
    sitesToken: environment.SITES_TOKEN || undefined,
    isAzd: Boolean(values.hook && environment.AZURE_ENV_NAME),
  };
  if (options.principalId === undefined && options.mode !== 'hook') {
    problems.push('--principal is missing: the object id of the app’s identity (not its client id).');
  }
  if (problems.length > 0) throw new WrongUse(problems.join('\n'));
  return options;
}

function parse(args) {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  try {
    return parseArgs({
      args,
      options: {
        print: flag,
        check: flag,
        revoke: flag,
        hook: flag,
        principal: text,
        client: text,
        tenant: text,
        sharepoint: text,
        'sharepoint-access': text,
        groups: flag,
        app: text,
        'resource-group': text,
        subscription: text,
        wait: text,
        output: text,
      },
    });
  } catch (error) {
    throw new WrongUse(error.message);
  }
}

function originOf(value, suffixes, problems) {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isOurs = url && suffixes.some((suffix) => url.hostname.endsWith(suffix));
  if (url?.protocol === 'https:' && url.pathname === '/' && (isOurs || url.hostname === 'localhost')) {
    return url.origin;
  }
  problems.push(`No token is sent to "${value}".`);
  return undefined;
}

/** The tenant's own My Site host and those of further geos, as the app's settings name them. */
function mySiteHosts(sharePointTenant, environment, problems) {
  const own =
    environment.SHAREPOINT_MYSITE_URL ||
    (sharePointTenant && `https://${sharePointTenant}-my.sharepoint.com`) ||
    '';
  const geos = (environment.SHAREPOINT_GEOS ?? '').split(/[\s,;]+/).map((pair) => pair.split('=')[0]);
  return [own, ...geos]
    .filter(Boolean)
    .map((url) => originOf(url, sharePointSuffixes, problems))
    .filter(Boolean)
    .map((origin) => new URL(origin).host);
}

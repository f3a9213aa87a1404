const writing = ['write', 'manage', 'fullcontrol'];

/**
 * Whether the app may write on each My Site host, and grants that where the token may.
 * @param deps.graph with a token that may grant permissions on sites, or any other: then all are `unknown`.
 * @param deps.mayGrant false: only look.
 * @returns for each host `granted`, `missing` or `unknown`, the last with the reason.
 */
export function grantSitePermissions(deps, { mySiteHosts, clientId }) {
  return eachHost(deps, mySiteHosts, async (site) => {
    if (await isPermitted(deps.graph, site, clientId)) return 'granted';
    if (!deps.mayGrant) return 'missing';
    await deps.graph.request('POST', `/sites/${site}/permissions`, {
      roles: ['write'],
      grantedToIdentities: [{ application: { id: clientId, displayName: 'Photo Sync for SharePoint' } }],
    });
    return 'granted';
  });
}

/** Takes the app's permissions away. @returns for each host `revoked` (or never there) or `unknown`. */
export function revokeSitePermissions(deps, { mySiteHosts, clientId }) {
  return eachHost(deps, mySiteHosts, async (site) => {
    for (const { id } of await permissionsOf(deps.graph, site, clientId)) {
      await deps.graph.request('DELETE', `/sites/${site}/permissions/${id}`);
    }
    return 'revoked';
  });
}

/** Only looks. @returns for each host `revoked` (or never there), `granted` or `unknown`. */
export function lookAtSitePermissions(deps, { mySiteHosts, clientId }) {
  return eachHost(deps, mySiteHosts, async (site) =>
    (await permissionsOf(deps.graph, site, clientId)).length > 0 ? 'granted' : 'revoked',
  );
}

async function eachHost({ graph, tell }, hosts, work) {
  const outcomes = [];
  for (const host of hosts) {
    try {
      const { id } = await graph.request('GET', `/sites/${host}?$select=id`);
      outcomes.push({ host, state: await work(id) });
    } catch (error) {
      if (error.status === undefined) throw error;
      outcomes.push({ host, state: 'unknown', reason: explain(error) });
    }
  }
  for (const { host, state, reason } of outcomes) tell(`${host}: ${reason ?? state}`);
  return outcomes;
}

/** https://learn.microsoft.com/graph/api/site-post-permissions#permissions */
function explain({ status, message }) {
  if (status !== 403) return message;
  return 'Graph refuses to show or change the permissions on this site (403). The Azure CLI is always refused here, even with a Global Administrator signed in to it, since it does not hold Sites.FullControl.All for anybody. It takes a client that the tenant has consented to for that, and a SharePoint Administrator.';
}

async function isPermitted(graph, site, clientId) {
  for (const { id } of await permissionsOf(graph, site, clientId)) {
    // A list of permissions does not tell their roles.
    const { roles = [] } = await graph.request('GET', `/sites/${site}/permissions/${id}`);
    if (roles.some((role) => writing.includes(role))) return true;
  }
  return false;
}

async function permissionsOf(graph, site, clientId) {
  const all = await graph.list(`/sites/${site}/permissions`);
  return all.filter(({ grantedToIdentitiesV2, grantedToIdentities }) =>
    (grantedToIdentitiesV2 ?? grantedToIdentities ?? []).some(
      ({ application }) => application?.id?.toLowerCase() === clientId,
    ),
  );
}

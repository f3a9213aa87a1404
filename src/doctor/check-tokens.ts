import { decideToken } from './decide-token';
import { StepFailed, type DoctorDeps, type Finding } from './doctor-deps';
import { readMembers, readUsers, writeFiles, writeProfiles, type Right } from '../tenant/rights';

/**
 * Gets a token for each host that the app writes to, and reads its roles. All that is missing is told at once.
 * @throws StepFailed, ServiceFailure
 */
export async function checkTokens(deps: Pick<DoctorDeps, 'settings' | 'describeToken'>): Promise<Finding> {
  const findings = [];
  for (const { origin, right } of neededRights(deps.settings)) {
    findings.push(decideToken(new URL(origin).host, await deps.describeToken(origin), right));
  }
  const failed = findings.filter((finding) => finding.outcome === 'failed');
  if (failed.length > 0) {
    const list = (name: 'role' | 'resourceApp') => [...new Set(failed.map((one) => one[name]))].join(', ');
    throw new StepFailed(failed.map(({ detail }) => detail).join(' '), {
      role: list('role'),
      resourceApp: list('resourceApp'),
    });
  }
  const isUnclear = findings.some(({ outcome }) => outcome === 'warning');
  return {
    outcome: isUnclear ? 'warning' : 'ok',
    detail: findings.map(({ detail }) => detail).join(' '),
  };
}

function neededRights(settings: DoctorDeps['settings']): { origin: string; right: Right }[] {
  const { graphUrl, geos, profileHost, sharePointRootUrl, scope } = settings;
  const readsGroups = scope.pilotGroup !== undefined || scope.exclusionGroup !== undefined;
  const profileSites = profileHost === 'root' ? [sharePointRootUrl] : geos.map(({ adminUrl }) => adminUrl);
  return [
    { origin: graphUrl, right: readUsers },
    ...(readsGroups ? [{ origin: graphUrl, right: readMembers }] : []),
    ...profileSites.map((origin) => ({ origin, right: writeProfiles })),
    ...geos.map(({ mySiteUrl }) => ({ origin: mySiteUrl, right: writeFiles })),
  ];
}

/** Whether the doctor has to pass before anything is written, and with what it would pass now. */
export interface DoctorNeed extends DoctorFacts {
  isRequired: boolean;
}

/** A pass counts for as long as the app is the same identity, writes to the same sites, and in the same way. */
export interface DoctorFacts {
  identity: string;
  sites: string;
}

/** From the settings alone, so that the gate needs no request for it. */
export function doctorFacts(settings: {
  tenantId: string;
  identityClientId: string | undefined;
  sharePointRootUrl: string;
  geos: readonly { mySiteUrl: string; adminUrl: string }[];
  profileWrite: string;
  profileHost: string;
}): DoctorFacts {
  const { tenantId, identityClientId, sharePointRootUrl, geos, profileWrite, profileHost } = settings;
  const hosts = geos.map(({ mySiteUrl, adminUrl }) => `${mySiteUrl}=${adminUrl}`);
  const profiles = profileHost === 'root' ? sharePointRootUrl : profileHost;
  return {
    identity: `${tenantId} ${identityClientId ?? 'system-assigned'}`,
    sites: [...hosts, `${profiles} ${profileWrite}`].join(' '),
  };
}

/** @returns why nothing is written yet and what to do; undefined where nothing is in the way. */
export function decideDoctor(
  passed: (DoctorFacts & { passedAt: string }) | undefined,
  { isRequired, identity, sites }: DoctorNeed,
): string | undefined {
  if (!isRequired) return undefined;
  const whatToDo = 'Run "photosync doctor": once it passes, a sweep takes up what was left.';
  if (!passed?.passedAt) return `The doctor has not passed yet, and DOCTOR_REQUIRED is true. ${whatToDo}`;
  if (passed.identity !== identity || passed.sites !== sites) {
    const what = passed.identity === identity ? 'other SharePoint settings' : 'another identity or tenant';
    return `The doctor passed at ${passed.passedAt} with ${what}, and DOCTOR_REQUIRED is true. ${whatToDo}`;
  }
  return undefined;
}

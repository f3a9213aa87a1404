import * as z from 'zod';
import { InvalidSettings } from './errors';
import { describeProblem } from './setting-problem';
import { settingsSchema, type SettingName, type Settings } from './settings';
import { sharePointLimits, type BudgetSettings } from './writing/limits';
import { checkServiceUrl, clouds, isLoopback, type CloudName } from './tenant/clouds';

/** The settings, checked, in the shapes the code uses. All URLs are origins without a slash at the end. */
export interface Config {
  tenantId: string;
  identityClientId: string | undefined;
  graphUrl: string;
  sharePointRootUrl: string;
  /** Each My Site host with the admin site that belongs to it, the tenant's own first. `PersonalSiteHostUrl` selects among these. */
  geos: readonly { mySiteUrl: string; adminUrl: string }[];
  notificationUrl: string;
  lifecycleUrl: string;
  rightsGranted: boolean;
  /** Undefined where the setting does not tell. */
  rightsGrantedAt: Date | undefined;
  /**
   * `report`: look and record. `apply`: write. `no-scope`: asked to write, but not told for whom, so it only records.
   * `remove`: the app is on its way out.
   */
  mode: Mode;
  /** Nothing is written before the doctor has passed. */
  doctorRequired: boolean;
  /** In mode `remove`: put back the pictures of before. */
  restoresAll: boolean;
  scope: {
    /** Both undefined: everyone. */
    pilotUsers: ReadonlySet<string> | undefined;
    pilotGroup: string | undefined;
    exclusionGroup: string | undefined;
    emptyIsFine: boolean;
    includeGuests: boolean;
    includeDisabled: boolean;
  };
  backfill: 'none' | 'all';
  profileWrite: 'csom' | 'rest';
  profileHost: 'admin' | 'root';
  removals: 'clear' | 'off';
  removalConfirmMs: number;
  removedFilesMs: number;
  breaker: {
    removalPercent: number;
    removals: number;
    samePicture: number;
    resume: string | undefined;
    maximumWritesPerDay: number;
    checkedFirstWrites: number;
  };
  budget: BudgetSettings;
  sweep: {
    /** Whether an admin chose the schedule; otherwise large tenants are swept less often than the timer runs. */
    isScheduled: boolean;
    runMs: number;
    checkPercent: number;
    leaverRowsMs: number;
  };
  /** How long after a write the person's picture is read back. */
  checkAfterMs: number;
  subscriptionLifetimeMinutes: number;
  lifecycleIntervalMs: number;
  coalesceMs: number;
  secondLookSeconds: readonly number[];
  missingUserMs: number;
  requestTimeoutMs: number;
  claimMs: number;
  retrySeconds: readonly number[];
  receiveTimeoutMs: number;
}

export type Mode = 'report' | 'apply' | 'no-scope' | 'remove';

/**
 * Reads the settings from the environment. A blank value counts as not set.
 * @throws InvalidSettings with everything that is wrong, not just the first thing.
 */
export function loadConfig(environment: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.keys(settingsSchema.shape)
      .map((name) => [name, environment[name]?.trim()])
      .filter(([, value]) => value !== undefined && value !== ''),
  ) as Record<string, string>;
  const parsed = settingsSchema.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => describeProblem(issue, given));

  const cloudName = z
    .enum(Object.keys(clouds) as [CloudName])
    .catch('global')
    .parse(given.CLOUD?.toLowerCase());
  const cloud = clouds[cloudName];
  const tenant = parsed.data?.SHAREPOINT_TENANT ?? 'contoso';
  const urlOf = (name: SettingName, suffix: string, usual: string): string => {
    const checked = checkServiceUrl(given[name] ?? usual, suffix);
    if ('origin' in checked) return checked.origin;
    problems.push(`${name}: ${checked.problem}.`);
    return usual;
  };
  const urls = {
    graphUrl: urlOf('GRAPH_URL', cloud.graphSuffix, cloud.graphUrl),
    sharePointRootUrl: urlOf(
      'SHAREPOINT_ROOT_URL',
      cloud.sharePointSuffix,
      `https://${tenant}${cloud.sharePointSuffix}`,
    ),
    mySiteUrl: urlOf(
      'SHAREPOINT_MYSITE_URL',
      cloud.sharePointSuffix,
      `https://${tenant}-my${cloud.sharePointSuffix}`,
    ),
    adminUrl: urlOf(
      'SHAREPOINT_ADMIN_URL',
      cloud.sharePointSuffix,
      `https://${tenant}-admin${cloud.sharePointSuffix}`,
    ),
  };
  const furtherGeos = readGeos(given.SHAREPOINT_GEOS ?? '', cloud.sharePointSuffix, problems);
  const notificationUrl =
    given.NOTIFICATION_URL ??
    (given.WEBSITE_HOSTNAME && `https://${given.WEBSITE_HOSTNAME}/api/notifications`);
  if (!notificationUrl) {
    problems.push('NOTIFICATION_URL: is not set; give the public https address of /api/notifications.');
  }
  const lifecycleUrl =
    given.LIFECYCLE_URL ?? notificationUrl?.replace(/\/notifications(?=$|\?)/, '/lifecycle');
  for (const [name, value] of Object.entries({
    NOTIFICATION_URL: notificationUrl,
    LIFECYCLE_URL: given.LIFECYCLE_URL,
  })) {
    if (value && URL.canParse(value) && !isPublicOrLoopback(new URL(value))) {
      problems.push(`${name}: must start with https://, since Microsoft Graph calls no other.`);
    }
  }
  if (!parsed.success || problems.length > 0 || !notificationUrl || !lifecycleUrl) {
    throw new InvalidSettings([...new Set(problems)]);
  }

  const settings = parsed.data;
  const { mySiteUrl, adminUrl, ...otherUrls } = urls;
  return {
    tenantId: settings.TENANT_ID,
    identityClientId: settings.AZURE_CLIENT_ID,
    ...otherUrls,
    geos: [{ mySiteUrl, adminUrl }, ...furtherGeos],
    notificationUrl,
    lifecycleUrl,
    rightsGranted: settings.RIGHTS_GRANTED !== false,
    rightsGrantedAt: settings.RIGHTS_GRANTED instanceof Date ? settings.RIGHTS_GRANTED : undefined,
    ...scopeOf(settings),
    ...writingOf(settings),
    backfill: settings.BACKFILL,
    sweep: {
      isScheduled: settings.SWEEP_SCHEDULE !== undefined,
      runMs: settings.SWEEP_RUN_SECONDS * 1000,
      checkPercent: settings.CHECK_PERCENT,
      leaverRowsMs: settings.LEAVER_ROWS_AFTER,
    },
    checkAfterMs: settings.CHECK_AFTER,
    subscriptionLifetimeMinutes: settings.SUBSCRIPTION_LIFETIME_MINUTES,
    lifecycleIntervalMs: settings.LIFECYCLE_INTERVAL,
    coalesceMs: settings.COALESCE_SECONDS * 1000,
    secondLookSeconds: settings.SECOND_LOOK_SECONDS,
    missingUserMs: settings.MISSING_USER_SECONDS * 1000,
    requestTimeoutMs: settings.REQUEST_TIMEOUT_SECONDS * 1000,
    claimMs: settings.CLAIM_SECONDS * 1000,
    retrySeconds: settings.RETRY_SECONDS,
    receiveTimeoutMs: settings.RECEIVE_TIMEOUT_MS,
  };
}

function scopeOf(settings: Settings): Pick<Config, 'mode' | 'doctorRequired' | 'restoresAll' | 'scope'> {
  const { SCOPE, PILOT_USERS, PILOT_GROUP, SYNC_MODE } = settings;
  const isGiven = SCOPE === 'everyone' || PILOT_USERS !== undefined || PILOT_GROUP !== undefined;
  return {
    mode: SYNC_MODE === 'apply' && !isGiven ? 'no-scope' : SYNC_MODE,
    doctorRequired: settings.DOCTOR_REQUIRED,
    restoresAll: settings.REMOVE_RESTORE,
    scope: {
      pilotUsers: PILOT_USERS && new Set(PILOT_USERS),
      pilotGroup: PILOT_GROUP,
      exclusionGroup: settings.EXCLUSION_GROUP,
      emptyIsFine: settings.SCOPE_EMPTY_OK,
      includeGuests: settings.INCLUDE_GUESTS,
      includeDisabled: settings.INCLUDE_DISABLED,
    },
  };
}

function writingOf(
  settings: Settings,
): Pick<
  Config,
  'profileWrite' | 'profileHost' | 'removals' | 'removalConfirmMs' | 'removedFilesMs' | 'breaker' | 'budget'
> {
  return {
    profileWrite: settings.PROFILE_WRITE,
    profileHost: settings.PROFILE_HOST,
    removals: settings.REMOVALS,
    removalConfirmMs: settings.REMOVAL_CONFIRM_AFTER,
    removedFilesMs: settings.REMOVED_FILES_AFTER,
    breaker: {
      removalPercent: settings.BREAKER_REMOVAL_PERCENT,
      removals: settings.BREAKER_REMOVALS,
      samePicture: settings.BREAKER_SAME_PICTURE,
      resume: settings.BREAKER_RESUME,
      maximumWritesPerDay: settings.MAX_WRITES_PER_DAY,
      checkedFirstWrites: settings.CHECKED_FIRST_WRITES,
    },
    budget: sharePointLimits({
      licences: settings.SHAREPOINT_LICENCES,
      peopleManagerLimit: settings.PEOPLE_MANAGER_LIMIT,
      resourceUnitLimit: settings.RESOURCE_UNIT_LIMIT,
      percent: settings.BUDGET_PERCENT,
    }),
  };
}

const geoExample = 'https://contosoeur-my.sharepoint.com=https://contosoeur-admin.sharepoint.com';

/** Pairs like `geoExample`, with commas between them. */
function readGeos(list: string, suffix: string, problems: string[]): Config['geos'] {
  return list
    .split(/[\s,;]+/)
    .filter(Boolean)
    .flatMap((entry, index) => {
      const origins: string[] = [];
      const hosts = entry.split('=');
      const complain = (problem: string) =>
        problems.push(`SHAREPOINT_GEOS: entry ${String(index + 1)} ${problem}.`);
      if (hosts.length !== 2) complain(`must be two hosts with = between them, like ${geoExample}`);
      for (const host of hosts) {
        const checked = checkServiceUrl(host, suffix);
        if ('origin' in checked) origins.push(checked.origin);
        else if (hosts.length === 2) complain(checked.problem);
      }
      const [mySiteUrl, adminUrl] = origins;
      return mySiteUrl !== undefined && adminUrl !== undefined ? [{ mySiteUrl, adminUrl }] : [];
    });
}

function isPublicOrLoopback(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

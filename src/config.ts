import { z } from 'zod';
import { InvalidSettings } from './errors';
import { describeProblem } from './setting-problem';
import { defaultSubscriptionSchedule, isSchedule } from './subscription/schedule';
import { checkServiceUrl, clouds, isLoopback, type CloudName } from './tenant/clouds';

const guid = z.guid().transform((value) => value.toLowerCase());
/** In any letters: `True` is what some tools make of true. */
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.string().toLowerCase().pipe(z.enum(values));
const flag = oneOf(['true', 'false']).transform((value) => value === 'true');
const seconds = (minimum: number, maximum: number) => z.coerce.number().min(minimum).max(maximum);

/** How long a subscription to users may live. https://learn.microsoft.com/graph/change-notifications-overview#subscription-lifetime */
const longestSubscriptionMinutes = 41_760;

/** Every setting the app reads beside its storage connection (see storage/connection.ts), with its default. */
export const settingsSchema = z.object({
  TENANT_ID: guid,
  CLOUD: oneOf(Object.keys(clouds) as [CloudName, ...CloudName[]]).default('global'),
  SHAREPOINT_TENANT: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/i, 'must be the name before .sharepoint.com, like contoso'),
  GRAPH_URL: z.string().optional(),
  SHAREPOINT_ROOT_URL: z.string().optional(),
  SHAREPOINT_MYSITE_URL: z.string().optional(),
  SHAREPOINT_ADMIN_URL: z.string().optional(),
  AZURE_CLIENT_ID: guid.optional(),
  NOTIFICATION_URL: z.url().optional(),
  WEBSITE_HOSTNAME: z.string().optional(),
  RIGHTS_GRANTED: flag.default(false),
  SYNC_MODE: oneOf(['report', 'apply']).default('report'),
  SCOPE: oneOf(['everyone']).optional(),
  PILOT_USERS: z
    .string()
    .transform((list) => list.split(/[\s,;]+/).filter(Boolean))
    .pipe(z.array(guid))
    .optional(),
  BACKFILL: oneOf(['none', 'all']).default('none'),
  INCLUDE_GUESTS: flag.default(false),
  INCLUDE_DISABLED: flag.default(false),
  PROFILE_WRITE: oneOf(['csom', 'rest']).default('csom'),
  PROFILE_HOST: oneOf(['admin', 'root']).default('admin'),
  SUBSCRIPTION_SCHEDULE: z
    .string()
    .refine(isSchedule, 'must be six fields of numbers, like 0 */15 * * * *')
    .default(defaultSubscriptionSchedule),
  SUBSCRIPTION_LIFETIME_MINUTES: z.coerce
    .number()
    .int()
    .min(60)
    .max(longestSubscriptionMinutes)
    .default(40_320),
  COALESCE_SECONDS: seconds(0, 3600).default(10),
  MISSING_USER_SECONDS: seconds(0, 86_400).default(600),
  REQUEST_TIMEOUT_SECONDS: seconds(0.1, 20).default(20),
  CLAIM_SECONDS: seconds(1, 120).default(120),
  RETRY_SECONDS: z
    .string()
    .default('60,120,300,900,3600')
    .transform((list) => list.split(','))
    .pipe(z.array(z.coerce.number<string>().positive().max(86_400)).min(1)),
  RECEIVE_TIMEOUT_MS: z.coerce.number().min(100).max(2900).default(2500),
});

export type SettingName = keyof typeof settingsSchema.shape;

/** The settings, checked, in the shapes the code uses. All URLs are origins without a slash at the end. */
export interface Config {
  tenantId: string;
  identityClientId: string | undefined;
  graphUrl: string;
  sharePointRootUrl: string;
  /** The My Site host and the admin site that belongs to it. `PersonalSiteHostUrl` selects among these. */
  geos: readonly { mySiteUrl: string; adminUrl: string }[];
  notificationUrl: string;
  rightsGranted: boolean;
  /** `report`: look and record. `apply`: write. `no-scope`: asked to write, but not told for whom, so it only records. */
  mode: 'report' | 'apply' | 'no-scope';
  scope: { pilotUsers: ReadonlySet<string> | undefined; includeGuests: boolean; includeDisabled: boolean };
  backfill: 'none' | 'all';
  profileWrite: 'csom' | 'rest';
  profileHost: 'admin' | 'root';
  subscriptionLifetimeMinutes: number;
  coalesceMs: number;
  missingUserMs: number;
  requestTimeoutMs: number;
  claimMs: number;
  retrySeconds: readonly number[];
  receiveTimeoutMs: number;
}

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
  const notificationUrl =
    given.NOTIFICATION_URL ??
    (given.WEBSITE_HOSTNAME && `https://${given.WEBSITE_HOSTNAME}/api/notifications`);
  if (!notificationUrl) {
    problems.push('NOTIFICATION_URL: is not set; give the public https address of /api/notifications.');
  } else if (URL.canParse(notificationUrl) && !isPublicOrLoopback(new URL(notificationUrl))) {
    problems.push('NOTIFICATION_URL: must start with https://, since Microsoft Graph calls no other.');
  }
  if (!parsed.success || problems.length > 0 || !notificationUrl) throw new InvalidSettings(problems);

  const settings = parsed.data;
  const scopeGiven = settings.SCOPE === 'everyone' || settings.PILOT_USERS !== undefined;
  return {
    tenantId: settings.TENANT_ID,
    identityClientId: settings.AZURE_CLIENT_ID,
    graphUrl: urls.graphUrl,
    sharePointRootUrl: urls.sharePointRootUrl,
    geos: [{ mySiteUrl: urls.mySiteUrl, adminUrl: urls.adminUrl }],
    notificationUrl,
    rightsGranted: settings.RIGHTS_GRANTED,
    mode: settings.SYNC_MODE === 'apply' && !scopeGiven ? 'no-scope' : settings.SYNC_MODE,
    scope: {
      pilotUsers: settings.PILOT_USERS && new Set(settings.PILOT_USERS),
      includeGuests: settings.INCLUDE_GUESTS,
      includeDisabled: settings.INCLUDE_DISABLED,
    },
    backfill: settings.BACKFILL,
    profileWrite: settings.PROFILE_WRITE,
    profileHost: settings.PROFILE_HOST,
    subscriptionLifetimeMinutes: settings.SUBSCRIPTION_LIFETIME_MINUTES,
    coalesceMs: settings.COALESCE_SECONDS * 1000,
    missingUserMs: settings.MISSING_USER_SECONDS * 1000,
    requestTimeoutMs: settings.REQUEST_TIMEOUT_SECONDS * 1000,
    claimMs: settings.CLAIM_SECONDS * 1000,
    retrySeconds: settings.RETRY_SECONDS,
    receiveTimeoutMs: settings.RECEIVE_TIMEOUT_MS,
  };
}

function isPublicOrLoopback(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

import * as z from 'zod';
import { defaultSchedules, isSchedule } from './schedules';
import { clouds, type CloudName } from './tenant/clouds';

/** Every setting the app reads beside its storage connection (see storage/connection.ts), with its default. */

const guid = z.guid().transform((value) => value.toLowerCase());
/** In any letters: `True` is what some tools make of true. */
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.string().toLowerCase().pipe(z.enum(values));
const flag = oneOf(['true', 'false']).transform((value) => value === 'true');
const seconds = (minimum: number, maximum: number) => z.coerce.number().min(minimum).max(maximum);
const wholeNumber = (minimum: number, maximum: number) => z.coerce.number().int().min(minimum).max(maximum);
const schedule = z.string().refine(isSchedule, 'must be six fields of numbers, like 0 */15 * * * *');

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** `90s`, `15m`, `24h`, `30d`, in milliseconds; a number alone counts seconds. */
const duration = (standard: string) =>
  z
    .string()
    .toLowerCase()
    .regex(/^\d+(\.\d+)?[smhd]?$/, 'must be a number with a unit, like 90s, 15m, 24h or 30d')
    .default(standard)
    .transform((text) => Number.parseFloat(text) * unitMs[(/[smhd]$/.exec(text)?.[0] ?? 's') as 's']);

/** Seconds with commas between them, or `off` for none. */
const secondsList = (standard: string, most: number) =>
  z
    .string()
    .toLowerCase()
    .default(standard)
    .transform((list) => (list === 'off' ? [] : list.split(',')))
    .pipe(z.array(z.coerce.number<string>().positive().max(most)));

const idList = z
  .string()
  .transform((list) => list.split(/[\s,;]+/).filter(Boolean))
  .pipe(z.array(guid));

/** How long a subscription to users may live. https://learn.microsoft.com/graph/change-notifications-overview#subscription-lifetime */
const longestSubscriptionMinutes = 41_760;

const tenantSettings = {
  TENANT_ID: guid,
  CLOUD: oneOf(Object.keys(clouds) as [CloudName, ...CloudName[]]).default('global'),
  SHAREPOINT_TENANT: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/i, 'must be the name before .sharepoint.com, like contoso'),
  GRAPH_URL: z.string().optional(),
  SHAREPOINT_ROOT_URL: z.string().optional(),
  SHAREPOINT_MYSITE_URL: z.string().optional(),
  SHAREPOINT_ADMIN_URL: z.string().optional(),
  /** Further geos, `my site host=admin site` with commas between them. Experimental until tried on a tenant. */
  SHAREPOINT_GEOS: z.string().optional(),
  AZURE_CLIENT_ID: guid.optional(),
  NOTIFICATION_URL: z.url().optional(),
  LIFECYCLE_URL: z.url().optional(),
  WEBSITE_HOSTNAME: z.string().optional(),
  /** `true`, or since when: infra/grant.mjs sets the time, by which a token from before can be explained. */
  RIGHTS_GRANTED: z
    .string()
    .transform((text) => text.toUpperCase())
    .refine(
      (text) => ['TRUE', 'FALSE'].includes(text) || z.iso.datetime().safeParse(text).success,
      'must be true, false, or the time of the grant, like 2026-11-28T12:00:00Z',
    )
    .transform((text) => (text === 'TRUE' || text === 'FALSE' ? text === 'TRUE' : new Date(text)))
    .default(false),
};

const scopeSettings = {
  SYNC_MODE: oneOf(['report', 'apply', 'remove']).default('report'),
  /** With SYNC_MODE=apply: write nothing before the doctor has passed; see src/doctor. However the app was deployed. */
  DOCTOR_REQUIRED: flag.default(true),
  /** With SYNC_MODE=remove: also put back the pictures of before. */
  REMOVE_RESTORE: flag.default(false),
  SCOPE: oneOf(['everyone']).optional(),
  PILOT_USERS: idList.optional(),
  PILOT_GROUP: guid.optional(),
  EXCLUSION_GROUP: guid.optional(),
  SCOPE_EMPTY_OK: flag.default(false),
  SCOPE_SCHEDULE: schedule.default(defaultSchedules.SCOPE_SCHEDULE),
  INCLUDE_GUESTS: flag.default(false),
  INCLUDE_DISABLED: flag.default(false),
};

const writingSettings = {
  PROFILE_WRITE: oneOf(['csom', 'rest']).default('csom'),
  PROFILE_HOST: oneOf(['admin', 'root']).default('admin'),
  REMOVALS: oneOf(['clear', 'off']).default('clear'),
  /** Between the two looks that must both find no photo. */
  REMOVAL_CONFIRM_AFTER: duration('24h'),
  REMOVED_FILES_AFTER: duration('24h'),
  /** Of the people whose picture the app wrote, in a sweep or 24 hours. */
  BREAKER_REMOVAL_PERCENT: z.coerce.number().min(0).max(100).default(5),
  BREAKER_REMOVALS: wholeNumber(1, 1_000_000).default(20),
  BREAKER_SAME_PICTURE: wholeNumber(2, 1_000_000).default(10),
  /** The id of the stop that an admin has looked into. */
  BREAKER_RESUME: z.string().max(100).optional(),
  MAX_WRITES_PER_DAY: wholeNumber(0, 10_000_000).default(500),
  /** So many writes after a switch to apply are read back, one by one, before more follow. */
  CHECKED_FIRST_WRITES: wholeNumber(0, 1000).default(20),
  /** Licences in the tenant: SharePoint's limits go by it. */
  SHAREPOINT_LICENCES: wholeNumber(1, 10_000_000).default(1000),
  /** Instead of the limits that go by the licences, where Microsoft grants others: calls in 5 minutes, units a minute. */
  PEOPLE_MANAGER_LIMIT: wholeNumber(1, 100_000_000).optional(),
  RESOURCE_UNIT_LIMIT: wholeNumber(1, 100_000_000).optional(),
  /** How much of those limits the app takes; the rest is left to the tenant's own pages. */
  BUDGET_PERCENT: z.coerce.number().min(1).max(100).default(50),
};

const sweepSettings = {
  /** Absent: hourly up to 10,000 people, every six hours above. */
  SWEEP_SCHEDULE: schedule.optional(),
  /** How long one run works through pages before it hands over to the next. */
  SWEEP_RUN_SECONDS: seconds(0, 240).default(60),
  BACKFILL: oneOf(['none', 'all']).default('none'),
  /** So many of the people on each page that a sweep lists are read back in SharePoint where that is due; one a page at least, none with 0. */
  CHECK_PERCENT: z.coerce.number().min(0).max(100).default(1),
  /** And each of them once, so long after it was written. */
  CHECK_AFTER: duration('24h'),
  /** How long a row stays of somebody whom no sweep sees any more. */
  LEAVER_ROWS_AFTER: duration('30d'),
};

const waitSettings = {
  SUBSCRIPTION_SCHEDULE: schedule.default(defaultSchedules.SUBSCRIPTION_SCHEDULE),
  SUBSCRIPTION_LIFETIME_MINUTES: wholeNumber(60, longestSubscriptionMinutes).default(40_320),
  /** Whatever number of lifecycle events comes, they lead to one round of work in so long. */
  LIFECYCLE_INTERVAL: duration('10m'),
  COALESCE_SECONDS: seconds(0, 3600).default(10),
  /** Graph may still serve the old photo right after it notified: when to look again after finding nothing changed. */
  SECOND_LOOK_SECONDS: secondsList('120,900', 86_400),
  MISSING_USER_SECONDS: seconds(0, 86_400).default(600),
  REQUEST_TIMEOUT_SECONDS: seconds(0.1, 20).default(20),
  CLAIM_SECONDS: seconds(1, 120).default(120),
  RETRY_SECONDS: z
    .string()
    .default('60,120,300,900,3600')
    .transform((list) => list.split(','))
    .pipe(z.array(z.coerce.number<string>().positive().max(86_400)).min(1)),
  RECEIVE_TIMEOUT_MS: z.coerce.number().min(100).max(2900).default(2500),
};

export const settingsSchema = z.object({
  ...tenantSettings,
  ...scopeSettings,
  ...writingSettings,
  ...sweepSettings,
  ...waitSettings,
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof typeof settingsSchema.shape;

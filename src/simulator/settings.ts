import { z } from 'zod';
import type { ServiceRole } from './books';
import type { LimitsSetting } from './limits';
import { StartProblem } from './start-problem';

/** What stands for the header App Service gives its apps; `local.settings.sample.json` holds the same words. */
export const LOCAL_IDENTITY_HEADER = 'local-identity-header';

/** The settings' names, by the port they move. */
export const PORT_SETTINGS = {
  page: 'SIM_PAGE_PORT',
  graph: 'SIM_GRAPH_PORT',
  root: 'SIM_ROOT_PORT',
  mysite: 'SIM_MYSITE_PORT',
  admin: 'SIM_ADMIN_PORT',
  'geo-mysite': 'SIM_GEO_MYSITE_PORT',
  'geo-admin': 'SIM_GEO_ADMIN_PORT',
  identity: 'SIM_IDENTITY_PORT',
} as const;

export type PortName = keyof typeof PORT_SETTINGS;

/** The roles that answer over TLS and stand for a real host name. */
export type HostedRole = Exclude<ServiceRole, 'identity'>;

export interface SimulatorSettings {
  ports: Record<PortName, number>;
  dataDir: string;
  people: number;
  /** How many people Graph puts on a page of users at most. */
  largestPage: number;
  folderName: string;
  /** Of a further geo; undefined: there is none. */
  geoFolderName: string | undefined;
  /** `off`, or what the published limits are multiplied by. */
  limits: LimitsSetting;
  /** The real host name each TLS port stands for, lower case. */
  hosts: Record<HostedRole, string>;
  /** Draws everybody's picture before somebody asks, as the page does. */
  drawsAhead: boolean;
  tokenCache: boolean;
  /** Whether a new tenant's app holds its roles and permissions. */
  granted: boolean;
  /** How long what was made in the directory is not known everywhere. */
  replicationMs: number;
  identityHeader: string;
  /** Where the app answers, as far as it is known at the start. */
  functionsUrl: string | undefined;
}

const port = (standard: number) => z.coerce.number().int().min(0).max(65_535).default(standard);

const folderName = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^/\\]+$/, 'must not contain a slash');

const hostsSchema = z
  .string()
  .default('')
  .transform((text, context) => {
    const hosts: Record<HostedRole, string> = {
      graph: 'graph.microsoft.com',
      root: 'contoso.sharepoint.com',
      mysite: 'contoso-my.sharepoint.com',
      admin: 'contoso-admin.sharepoint.com',
      'geo-mysite': 'contosoapac-my.sharepoint.com',
      'geo-admin': 'contosoapac-admin.sharepoint.com',
    };
    for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
      const [role = '', name = ''] = entry.split('=').map((part) => part.trim().toLowerCase());
      if (!Object.hasOwn(hosts, role) || !/^[a-z0-9.-]+$/.test(name)) {
        context.addIssue(
          `"${entry.trim()}" is not graph=, root=, mysite=, admin=, geo-mysite= or geo-admin= and a host name`,
        );
        continue;
      }
      hosts[role as HostedRole] = name;
    }
    return hosts;
  });

const schema = z.object({
  SIM_PAGE_PORT: port(7080),
  SIM_GRAPH_PORT: port(7081),
  SIM_ROOT_PORT: port(7082),
  SIM_MYSITE_PORT: port(7083),
  SIM_ADMIN_PORT: port(7084),
  SIM_IDENTITY_PORT: port(7085),
  SIM_GEO_MYSITE_PORT: port(7086),
  SIM_GEO_ADMIN_PORT: port(7087),
  FUNCTIONS_PORT: port(7071),
  SIM_DATA_DIR: z.string().min(1).default('.local'),
  SIM_PEOPLE: z.coerce.number().int().min(0).max(100_000).default(150),
  SIM_LARGEST_PAGE: z.coerce.number().int().min(1).max(999).default(999),
  SIM_FOLDER: folderName.default('Profilbilder'),
  SIM_GEO: z.enum(['on', 'off']).default('off'),
  SIM_GEO_FOLDER: folderName.default('Photos de profil'),
  SIM_LIMITS: z
    .string()
    .regex(/^(on|off|\d+(\.\d+)?)$/, 'must be on, off or a multiplier such as 10')
    .default('on')
    .transform((text): LimitsSetting => (text === 'off' ? text : text === 'on' ? 1 : Number(text))),
  SIM_HOSTS: hostsSchema,
  SIM_DRAW_AHEAD: z.enum(['on', 'off']).default('on'),
  SIM_TOKEN_CACHE: z.enum(['on', 'off']).default('off'),
  SIM_GRANTED: z.enum(['on', 'off']).default('on'),
  SIM_REPLICATION_SECONDS: z.coerce.number().min(0).max(86_400).default(0),
  SIM_IDENTITY_HEADER: z.string().min(1).default(LOCAL_IDENTITY_HEADER),
});

/** Reads the SIM_* settings. Throws one `StartProblem` that names everything that is wrong. */
export function readSettings(environment: NodeJS.ProcessEnv): SimulatorSettings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new StartProblem(`The local tenant's settings are wrong:\n${z.prettifyError(parsed.error)}`);
  }
  const values = parsed.data;
  return {
    ports: {
      page: values.SIM_PAGE_PORT,
      graph: values.SIM_GRAPH_PORT,
      root: values.SIM_ROOT_PORT,
      mysite: values.SIM_MYSITE_PORT,
      admin: values.SIM_ADMIN_PORT,
      'geo-mysite': values.SIM_GEO_MYSITE_PORT,
      'geo-admin': values.SIM_GEO_ADMIN_PORT,
      identity: values.SIM_IDENTITY_PORT,
    },
    dataDir: values.SIM_DATA_DIR,
    people: values.SIM_PEOPLE,
    largestPage: values.SIM_LARGEST_PAGE,
    folderName: values.SIM_FOLDER,
    geoFolderName: values.SIM_GEO === 'on' ? values.SIM_GEO_FOLDER : undefined,
    limits: values.SIM_LIMITS,
    hosts: values.SIM_HOSTS,
    drawsAhead: values.SIM_DRAW_AHEAD === 'on',
    tokenCache: values.SIM_TOKEN_CACHE === 'on',
    granted: values.SIM_GRANTED === 'on',
    replicationMs: values.SIM_REPLICATION_SECONDS * 1_000,
    identityHeader: values.SIM_IDENTITY_HEADER,
    functionsUrl:
      values.FUNCTIONS_PORT === 0 ? undefined : `http://127.0.0.1:${String(values.FUNCTIONS_PORT)}`,
  };
}

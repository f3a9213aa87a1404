import { readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { readSettings } from '../../src/simulator/settings';
import { startSimulator, type Simulator } from '../../src/simulator/start-simulator';
import { newTenantFolder } from '../support/tenant-folder';

/** The first start makes RSA keys, which takes seconds on a busy machine. */
jest.setTimeout(30_000);

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a cast, said once instead of at each use
  json: <T = Record<string, unknown>>() => T;
}

export interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

/** One request over a connection of its own: the global fetch takes no CA. */
export function send(
  url: string,
  { method = 'GET', headers = {}, body }: Sent = {},
  ca?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const make = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = make(
      url,
      { method, headers, agent: false, ...(ca === undefined ? {} : { ca }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const flat = Object.entries(response.headers).map(
            ([name, value]) => [name, String(value)] as const,
          );
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(flat),
            body: bytes,
            json: () => JSON.parse(bytes.toString()) as never,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

export type RunningSimulator = Awaited<ReturnType<typeof runSimulator>>;

/** Of two geos, with nobody in it and nothing granted to the app. */
export const ungrantedTenant = {
  SIM_PEOPLE: '0',
  SIM_GRANTED: 'off',
  SIM_GEO: 'on',
  SIM_GEO_MYSITE_PORT: '0',
  SIM_GEO_ADMIN_PORT: '0',
};

/** The whole local tenant in this process, on free ports and in a folder of its own. */
export async function runSimulator(environment: Record<string, string> = {}) {
  const dataDir = environment['SIM_DATA_DIR'] ?? (await newTenantFolder());
  const free = ['PAGE', 'GRAPH', 'ROOT', 'MYSITE', 'ADMIN', 'IDENTITY'].map((name) => [
    `SIM_${name}_PORT`,
    '0',
  ]);
  const settings = readSettings({
    ...Object.fromEntries(free),
    SIM_PEOPLE: '14',
    SIM_DRAW_AHEAD: 'off',
    ...environment,
    SIM_DATA_DIR: dataDir,
  });
  const simulator: Simulator = await startSimulator(settings);
  const ca = await readFile(simulator.caFile, 'utf8');
  const tokenFor = (resource: string, roles: readonly string[] = ['User.Read.All'], seconds?: number) =>
    simulator.tokens.issue(resource, roles, 'test', seconds).token;
  return {
    ...simulator,
    ca,
    tokenFor,
    graph: (path: string, { headers, ...sent }: Sent = {}, token = tokenFor(simulator.graphUrl)) =>
      send(
        `${simulator.graphUrl}/v1.0${path}`,
        { headers: { authorization: `Bearer ${token}`, ...headers }, ...sent },
        ca,
      ),
    control: (method: string, path: string, body?: Buffer | object) =>
      send(`${simulator.pageUrl}/_sim/${path}`, {
        method,
        headers: { 'x-sim': '1' },
        ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
      }),
    async end() {
      await simulator.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Everybody, by kind. */
export async function peopleOf(simulator: RunningSimulator): Promise<Map<string, Row>> {
  const rows = (await simulator.control('GET', 'users?top=1000')).json<Row[]>();
  return new Map(rows.map((row) => [row.kind, row]));
}

export interface Row {
  id: string;
  kind: string;
  userPrincipalName: string;
  mailbox: boolean;
  inSync: boolean;
  syncedAfterMs: number | null;
  source: { etag: string; sha256: string } | null;
  sharePoint: { pictureUrl: string; files: Record<string, string> } | null;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';
import type { Deployment } from './deployment';
import { notReached, wrongUse } from './problem';

/** What the app's identity still holds in the tenant. */
export interface Rights {
  /** Like `User.Read.All on Microsoft Graph`. */
  roles: string[];
  /** My Site hosts. `unknown`: whoever is signed in is not shown it, as the Azure CLI never is. */
  sites: { host: string; state: 'revoked' | 'granted' | 'unknown' }[];
}

const script = join(__dirname, '../../infra/grant.mjs');

const answer = z
  .looseObject({
    missing: z.array(z.string()).default([]),
    held: z.array(z.string()).default([]),
    sites: z.array(z.looseObject({ host: z.string(), state: z.enum(['revoked', 'granted', 'unknown']) })),
  })
  .transform(({ missing, held, sites }): Rights => ({ roles: [...missing, ...held], sites }));

/** Without the first, roles can't be looked at; without the others, permissions on sites can't. */
const needed = ['IDENTITY_PRINCIPAL_ID', 'IDENTITY_CLIENT_ID', 'SHAREPOINT_TENANT'];

/**
 * @returns what takes the rights away, or only looks; see `rightsBy`.
 * @throws Problem where it is not told whose rights they are, and on which sites: "nothing found" would mean nothing.
 */
export function rightsOf(deployment: Deployment): (what: '--revoke' | '--check') => Promise<Rights> {
  const missing = needed.filter((name) => !deployment.values[name]?.trim());
  if (missing.length === 0) return (what) => rightsBy(what, deployment);
  throw wrongUse(
    `Without ${missing.join(' and ')} in the environment nobody can tell which rights are left. "azd env get-values" shows what to set, and as long as it is there, so does the managed identity in the portal.`,
  );
}

/**
 * By infra/grant.mjs as whoever is signed in to the Azure CLI. What it says, and the commands for what that person may not
 * do, go to standard error. Permissions on sites are looked at whatever SHAREPOINT_ACCESS is by now.
 * @throws Problem where it could not even look.
 */
async function rightsBy(
  what: '--revoke' | '--check',
  { values, app, resourceGroup, subscriptionId }: Deployment,
): Promise<Rights> {
  const args = [
    ...[script, what, '--output', 'json', '--app', app, '--resource-group', resourceGroup],
    ...(subscriptionId === undefined ? [] : ['--subscription', subscriptionId]),
  ];
  // Its talk is told as it comes: it may take minutes, and names commands.
  const child = spawn(process.execPath, args, {
    env: values,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text));
  const [code] = (await once(child, 'close')) as [number | null];
  const parsed = code === 0 || code === 1 ? answer.safeParse(jsonOf(told)) : undefined;
  if (parsed?.success) return parsed.data;
  throw notReached(
    `The rights of the app's identity could not be ${what === '--check' ? 'looked at' : 'taken away'}; what is in the way stands above.`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

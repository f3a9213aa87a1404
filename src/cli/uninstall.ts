import { ServiceFailure } from '../errors';
import type { RemovalRecord } from '../storage/removal-table';
import { decideUninstalled, isRemoved, type UninstallFacts } from './decide-uninstalled';
import type { Deployment } from './deployment';
import { exportTables } from './export-tables';
import { isAppThere, readAppSetting, setAppSettings } from './function-app';
import type { AdminStorage } from './open-storage';
import type { Output } from './output';
import { exitCodes } from './problem';
import { waitUntilRemoved } from './wait-until-removed';
import { rightsOf } from './rights';

type Storage = Pick<AdminStorage, 'clients' | 'removals' | 'subscriptions'>;

export interface UninstallOptions {
  /** Changes nothing, and only looks. */
  verify: boolean;
  /** Also has the pictures of before put back. */
  restores: boolean;
  areSitesDone: boolean;
  /** Where the rows go; undefined: a name with the time in it. */
  exportFile: string | undefined;
  waitSeconds: number;
}

/**
 * Takes the app out of the tenant, up to the point where deleting all is safe. It may be run again at any time: what is
 * done is done.
 * @returns the exit code: 0 where it is safe. @throws Problem
 */
export async function uninstall(
  storage: Storage,
  output: Output,
  deployment: Deployment,
  options: UninstallOptions,
): Promise<number> {
  const rightsBy = rightsOf(deployment);
  const isThere = await isAppThere(deployment);
  output.say(isThere ? `The app is ${deployment.app}.` : `There is no app ${deployment.app} any more.`);
  const { app, exported } = options.verify
    ? { app: await lookAtApp(storage, deployment, isThere), exported: undefined }
    : await removeApp(storage, output, deployment, options, isThere);
  // Without its rights the app could not go on.
  const isPending = !options.verify && isThere && app.record === undefined;
  const rights = isPending
    ? { roles: [], sites: [] }
    : await rightsBy(options.verify ? '--check' : '--revoke');
  const facts = { ...app, ...rights, areSitesDone: options.areSitesDone };
  const outcome = decideUninstalled(facts);
  const told = { ...outcome, ...facts, ...(exported && { exported }) };
  await output.print(told, () => asText(outcome));
  return outcome.isSafe ? 0 : exitCodes.notWell;
}

type AppFacts = Pick<UninstallFacts, 'isAppThere' | 'mode' | 'record' | 'subscribedUntil'>;

async function removeApp(
  storage: Storage,
  output: Output,
  deployment: Deployment,
  options: UninstallOptions,
  isThere: boolean,
): Promise<{ app: AppFacts; exported?: { file: string; rows: number } }> {
  const present = await lookAtApp(storage, deployment, isThere);
  if (!isThere || (await isDoneAlready(deployment, options, present))) {
    return {
      app: present,
      ...(present.isStorageThere && { exported: await keepRows(storage, output, options) }),
    };
  }
  const { readAt: since } = await storage.removals.readRecord();
  await setAppSettings(deployment, {
    SYNC_MODE: 'remove',
    ...(options.restores && { REMOVE_RESTORE: 'true' }),
  });
  output.say('SYNC_MODE is remove now: the app deletes its subscription, and leaves a record.');
  const record = await waitUntilRemoved(storage, output, { since, ...options });
  const app = { isAppThere: true, mode: 'remove', record, subscribedUntil: undefined };
  if (!record) return { app };
  output.say(
    `The app has taken itself out: ${String(record.restored)} people restored, ${String(record.notRestored)} left as they are ("photosync restore --list" says why).`,
  );
  return { app, exported: await keepRows(storage, output, options) };
}

/** An app that may not ask for tokens any more does not renew its record, so that of an earlier run has to do. */
async function isDoneAlready(
  deployment: Deployment,
  { restores }: UninstallOptions,
  { mode, record, subscribedUntil }: AppFacts,
): Promise<boolean> {
  if (mode?.toLowerCase() !== 'remove' || !isRemoved(record, subscribedUntil)) return false;
  return !restores || (await readAppSetting(deployment, 'REMOVE_RESTORE')) === 'true';
}

async function keepRows(storage: Storage, output: Output, { exportFile }: UninstallOptions) {
  const { readAt } = await storage.removals.readRecord();
  const file = exportFile ?? `photosync-${readAt.toISOString().replaceAll(':', '-')}.jsonl`;
  const rows = await exportTables(storage, output, file);
  output.say(
    `${String(rows)} rows are in ${file}. They hold what the app knew of each person: keep it safe.`,
  );
  return { file, rows };
}

/** Reads only. The storage may be gone with the app. */
async function lookAtApp(
  { removals, subscriptions }: Storage,
  deployment: Deployment,
  isThere: boolean,
): Promise<AppFacts & { isStorageThere: boolean }> {
  const mode = isThere ? ((await readAppSetting(deployment, 'SYNC_MODE')) ?? '') : undefined;
  let record: RemovalRecord | undefined;
  let ends: string[];
  try {
    ({ record } = await removals.readRecord());
    // One of before everybody was to be restored says nothing of that.
    const isOfOther = isThere && record?.restoresAll === false;
    if (isOfOther && (await readAppSetting(deployment, 'REMOVE_RESTORE')) === 'true') record = undefined;
    ends = (await subscriptions.list()).rows.map(({ validUntil }) => validUntil.toISOString());
  } catch (error) {
    const isGone = error instanceof ServiceFailure && error.status === undefined;
    if (isThere || !isGone) throw error;
    return { isAppThere: false, mode, record: undefined, subscribedUntil: undefined, isStorageThere: false };
  }
  return { isAppThere: isThere, mode, record, subscribedUntil: ends.sort().at(-1), isStorageThere: true };
}

function asText({ isSafe, remains }: { isSafe: boolean; remains: readonly string[] }): string {
  const verdict = isSafe
    ? 'Nothing of the app is left in the tenant that deleting it would strand: "azd down" is safe.'
    : 'Not yet: do not run "azd down" before this is done.';
  const done = isSafe && remains.length > 0 ? 'Nothing more can be done: "azd down" is safe.' : verdict;
  return `${[...remains, done].join('\n')}\n`;
}

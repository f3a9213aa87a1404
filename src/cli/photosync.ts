#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { messageOf } from '../errors';
import { connectionName } from '../storage/names';
import type { DeploymentOptions } from './deployment';
import { objectId, seconds, wholeNumber } from './object-id';
import type { AdminStorage } from './open-storage';
import { createOutput, type Output, type OutputFormat } from './output';
import { exitCodes, Problem, wrongUse } from './problem';

/**
 * The admin's tool. It reaches the app's state storage, as the admin; what touches Graph or SharePoint, the app does on
 * its request. docs/photosync.md tells of the commands, what they print, and the exit codes. The libraries behind a
 * command are loaded when it runs, so that help and a slip in the options take no time.
 */

interface SharedOptions {
  storage?: string;
  output: OutputFormat;
}

const program = new Command('photosync')
  .description('Looks after Photo Sync for SharePoint: reaches its state storage, and asks the running app.')
  .exitOverride()
  .showHelpAfterError('(photosync help <command> tells more)');

/** With the options that every command has. */
function command(name: string, description: string, parent: Command = program): Command {
  return parent
    .command(name)
    .description(description)
    .option(
      '--storage <account>',
      "name of the app's state storage account; else PhotoSyncStorage… as the app reads it",
    )
    .addOption(
      new Option('--output <format>', 'how the result is printed').choices(['text', 'json']).default('text'),
    );
}

/** Opens the storage, does the work, and explains what storage refuses. */
async function run(
  options: SharedOptions,
  work: (storage: AdminStorage, output: Output) => Promise<number>,
): Promise<void> {
  const [{ openAdminStorage }, { explainStorage }] = await Promise.all([
    import('./open-storage.js'),
    import('./explain-storage.js'),
  ]);
  const output = createOutput(options.output, process);
  const storage = await openAdminStorage(options.storage, process.env);
  try {
    process.exitCode = await work(storage, output);
  } catch (error) {
    throw explainStorage(error, storage.name) ?? error;
  }
}

command('doctor', 'has the app try all that a write needs, with one person, and puts back what was there')
  .option('--user <object id>', 'with whom to try; somebody in scope unless given', objectId)
  .option('--wait <seconds>', 'how long to wait for the app', seconds, 180)
  .action(({ user, wait, ...options }: SharedOptions & { user?: string; wait: number }) =>
    run(options, async (storage, output) => {
      const { doctor } = await import('./doctor.js');
      return doctor(storage, output, { user, waitSeconds: wait });
    }),
  );

interface PlanOptions extends SharedOptions {
  file?: string;
  licences: number;
  peopleManagerLimit?: number;
  budgetPercent: number;
  maxWritesPerDay: number;
}

command('plan', 'tells who would be written, who not, and why, as CSV by object id, with a summary')
  .option('--file <path>', 'where the CSV goes; standard output unless given')
  .option('--licences <number>', 'the app’s SHAREPOINT_LICENCES', wholeNumber, 1000)
  .option('--people-manager-limit <number>', 'the app’s PEOPLE_MANAGER_LIMIT', wholeNumber)
  .option('--budget-percent <number>', 'the app’s BUDGET_PERCENT', wholeNumber, 50)
  .option('--max-writes-per-day <number>', 'the app’s MAX_WRITES_PER_DAY', wholeNumber, 500)
  .action((options: PlanOptions) =>
    run(options, async (storage, output) => {
      const { plan } = await import('./plan.js');
      const pace = {
        SHAREPOINT_LICENCES: options.licences,
        PEOPLE_MANAGER_LIMIT: options.peopleManagerLimit,
        BUDGET_PERCENT: Math.min(Math.max(options.budgetPercent, 1), 100),
        MAX_WRITES_PER_DAY: options.maxWritesPerDay,
      };
      return plan(storage, output, { file: options.file, pace, isJson: options.output === 'json' });
    }),
  );

command('restore', 'has the app put back the pictures of before it, for these people or for everybody')
  .argument('[object ids...]', 'these people', (id, ids?: string[]) => [...(ids ?? []), objectId(id)])
  .option('--all', 'for everybody whose picture is the app’s')
  .option('--list', 'only tells how things stand')
  .option('--wait <seconds>', 'how long to wait for the app', seconds, 60)
  .action((ids: string[], options: SharedOptions & { all?: true; list?: true; wait: number }) => {
    if (Number(options.all ?? 0) + Number(options.list ?? 0) + Number(ids.length > 0) !== 1) {
      throw wrongUse('Say for whom: object ids, or --all, or --list to see how things stand.');
    }
    const whom = options.list ? 'list' : options.all ? 'all' : { ids };
    return run(options, async (storage, output) => {
      const { restore } = await import('./restore.js');
      return restore(storage, output, whom, options.wait);
    });
  });

interface UninstallCommandOptions extends SharedOptions, DeploymentOptions {
  restore?: true;
  export?: string;
  sitesDone?: true;
  verify?: true;
  wait: number;
}

command('uninstall', 'takes the app out of the tenant, up to where deleting all is safe')
  .option('--app <name>', 'the function app; else FUNCTION_APP_NAME, as azd knows it')
  .option('--resource-group <name>', 'its resource group; else AZURE_RESOURCE_GROUP')
  .option('--subscription <id>', 'its Azure subscription; else AZURE_SUBSCRIPTION_ID')
  .option('--restore', 'also has the pictures of before put back')
  .option('--export <file>', 'where the rows of the state storage go')
  .option('--sites-done', 'a SharePoint Administrator has taken the permissions on the My Site hosts away')
  .option('--verify', 'changes nothing, and only looks whether all is done')
  .option('--wait <seconds>', 'how long to wait for the app', seconds, 3600)
  .action(async (options: UninstallCommandOptions) => {
    const [{ findDeployment }, { uninstall }] = await Promise.all([
      import('./deployment.js'),
      import('./uninstall.js'),
    ]);
    const deployment = await findDeployment(options, process.env);
    const isStorageTold = Object.keys(process.env).some((name) => name.startsWith(connectionName));
    const storageName = options.storage ?? (isStorageTold ? undefined : deployment.storage);
    await run({ output: options.output, ...(storageName && { storage: storageName }) }, (storage, output) =>
      uninstall(storage, output, deployment, {
        verify: options.verify ?? false,
        restores: options.restore ?? false,
        areSitesDone: options.sitesDone ?? false,
        exportFile: options.export,
        waitSeconds: options.wait,
      }),
    );
  });

const person = program.command('person').description('what is held on one person');
command('export', 'prints it as JSON', person)
  .argument('<object id>', 'the person', objectId)
  .action((id: string, options: SharedOptions) =>
    run(options, async (storage, output) => {
      const { exportPerson } = await import('./person.js');
      return exportPerson(storage, output, id);
    }),
  );
command(
  'erase',
  'erases it, with any hold: who is not in the exclusion group first may be written as a new person',
  person,
)
  .argument('<object id>', 'the person', objectId)
  .action((id: string, options: SharedOptions) =>
    run(options, async (storage, output) => {
      const { erasePerson } = await import('./person.js');
      return erasePerson(storage, output, id);
    }),
  );

program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // It has said what is wrong already; help and version are no mistakes.
    process.exitCode = error.exitCode === 0 ? 0 : exitCodes.wrongUse;
    return;
  }
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof Problem ? error.exitCode : exitCodes.notReached;
});

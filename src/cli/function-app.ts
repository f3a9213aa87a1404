import type { Deployment } from './deployment';
import { notReached, type Problem } from './problem';
import { asCommand, runTool, type ToolRun } from './run-tool';

type App = Pick<Deployment, 'app' | 'resourceGroup' | 'subscriptionId'>;

/** @throws Problem where Azure does not tell. */
export async function isAppThere(app: App): Promise<boolean> {
  const run = await runTool('az', [
    'functionapp',
    'show',
    ...named(app),
    '--query',
    'name',
    '--output',
    'tsv',
  ]);
  if (run.code === 0) return true;
  if (/ResourceNotFound|ResourceGroupNotFound|was not found|could not be found/i.test(run.stderr))
    return false;
  throw refused(run, 'looking for the function app', undefined);
}

/** @throws Problem with the command for whoever may. */
export async function setAppSettings(app: App, settings: Record<string, string>): Promise<void> {
  const args = [
    ...['functionapp', 'config', 'appsettings', 'set', ...named(app), '--settings'],
    ...Object.entries(settings).map(([name, value]) => `${name}=${value}`),
    ...['--output', 'none'],
  ];
  const run = await runTool('az', args);
  if (run.code !== 0) throw refused(run, 'changing its settings', asCommand('az', args));
}

/** @returns undefined where it is not set. @throws Problem */
export async function readAppSetting(app: App, name: string): Promise<string | undefined> {
  const args = ['functionapp', 'config', 'appsettings', 'list', ...named(app), '--output', 'json'];
  const run = await runTool('az', args);
  if (run.code !== 0) throw refused(run, 'reading its settings', asCommand('az', args));
  const settings = (JSON.parse(run.stdout || '[]') ?? []) as { name: string; value: string }[];
  return settings.find((one) => one.name === name)?.value;
}

const named = ({ app, resourceGroup, subscriptionId }: App) => [
  ...['--name', app, '--resource-group', resourceGroup],
  ...(subscriptionId === undefined ? [] : ['--subscription', subscriptionId]),
];

function refused({ code, stderr }: ToolRun, doing: string, command: string | undefined): Problem {
  if (code === undefined) {
    return notReached(`The Azure CLI is not installed: https://aka.ms/azure-cli. It is needed for ${doing}.`);
  }
  const said = stderr.trim().split('\n')[0] ?? '';
  const whatToDo = command
    ? `It takes the role "Website Contributor" on the app, or more. Whoever has it runs: ${command}`
    : 'Run "az login" and "az account set --subscription <id>" first.';
  return notReached(`Azure refused ${doing}: ${said} ${whatToDo}`);
}

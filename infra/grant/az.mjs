import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OutOfReach } from './problems.mjs';

const run = promisify(execFile);
/**
 * On Windows `az` is a script, which only a shell starts: so no argument may hold anything that a shell reads. There they
 * stand in quotes: a resource group may have parentheses, and one would end the block in which the script hands it on.
 */
const harmless = /^[\w.:/=@()-]+$/;
const isWindows = process.platform === 'win32';

/** @throws OutOfReach with what the tool said. */
async function call(tool, args) {
  if (!args.every((arg) => harmless.test(arg)))
    throw new OutOfReach(`${tool} is not called with such a word.`);
  try {
    const words = isWindows ? args.map((arg) => `"${arg}"`) : args;
    const { stdout } = await run(tool, words, { shell: isWindows });
    return stdout.trim();
  } catch (error) {
    const isThere = error.code !== 'ENOENT';
    throw new OutOfReach(
      isThere
        ? `${tool} ${args.slice(0, 2).join(' ')}: ${error.stderr || error.message}`.trim()
        : `${tool} is not installed.`,
    );
  }
}

/** A token for Graph of whoever is signed in to the Azure CLI. */
export function tokenForGraph({ graphUrl, tenantId, subscriptionId }) {
  const of = tenantId ? ['--tenant', tenantId] : subscriptionId ? ['--subscription', subscriptionId] : [];
  const form = ['--query', 'accessToken', '--output', 'tsv'];
  return call('az', ['account', 'get-access-token', '--resource', graphUrl, ...of, ...form]);
}

export const setAppSetting = ({ app, resourceGroup, subscriptionId }, name, value) =>
  call('az', [
    ...['functionapp', 'config', 'appsettings', 'set', '--name', app, '--resource-group', resourceGroup],
    ...(subscriptionId ? ['--subscription', subscriptionId] : []),
    ...['--settings', `${name}=${value}`, '--output', 'none'],
  ]);

/** So that the next `azd provision` sets it as well: it replaces all settings of the app. */
export const setAzdValue = (name, value) => call('azd', ['env', 'set', name, value]);

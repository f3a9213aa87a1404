import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CLIENT_ID } from '../../src/simulator/identity';
import { projectRoot } from '../../src/simulator/launching/project-root';
import { MANAGED_IDENTITY_ID } from '../../src/simulator/tokens';

/** As azd hands its environment to a hook. */
export const azdEnvironment = {
  AZURE_ENV_NAME: 'production',
  // Azure allows parentheses, which most shells take for their own.
  AZURE_RESOURCE_GROUP: 'rg-production(eu)',
  FUNCTION_APP_NAME: 'func-photos',
  IDENTITY_PRINCIPAL_ID: MANAGED_IDENTITY_ID,
  IDENTITY_CLIENT_ID: CLIENT_ID,
  SHAREPOINT_TENANT: 'contoso',
};

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * `az` and `azd` as far as infra/grant.mjs and the commands that it prints use them. Every call is noted; somebody is
 * signed in where there is a token.
 */
const toolScript = (tool: string, graphStub: string) => `#!/bin/sh
echo "${tool} $*" >> "$TOOL_CALLS_FILE"
test -e "$TOOL_TOKEN_FILE" || { echo "ERROR: Please run 'az login' to setup account." >&2; exit 1; }
case "$1" in
  account) cat "$TOOL_TOKEN_FILE" ;;
  functionapp)
    test -e "$TOOL_APP_GONE_FILE" && { echo "ERROR: (ResourceNotFound) The Resource was not found." >&2; exit 3; }
    test "$4" = list && cat "$TOOL_SETTINGS_FILE"
    exit 0 ;;
  ad | rest) exec "${process.execPath}" "${graphStub}" "$@" ;;
esac
`;

export type AzureTools = Awaited<ReturnType<typeof prepareAzureTools>>;

/** An admin's shell, with both on the PATH. */
export async function prepareAzureTools({ graphUrl, caFile }: { graphUrl: string; caFile: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'photo-sync-admin-'));
  const [tokenFile, callsFile] = [join(folder, 'token'), join(folder, 'calls')];
  const [settingsFile, goneFile] = [join(folder, 'settings'), join(folder, 'gone')];
  const graphStub = join(projectRoot, 'test/fixtures/az-rest.mjs');
  for (const tool of ['az', 'azd']) {
    await writeFile(join(folder, tool), toolScript(tool, graphStub));
    await chmod(join(folder, tool), 0o755);
  }
  const environment = {
    PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}`,
    GRAPH_URL: graphUrl,
    NODE_EXTRA_CA_CERTS: caFile,
    TOOL_TOKEN_FILE: tokenFile,
    TOOL_CALLS_FILE: callsFile,
    TOOL_SETTINGS_FILE: settingsFile,
    TOOL_APP_GONE_FILE: goneFile,
  };

  const run = (file: string, args: readonly string[], more: Record<string, string> = {}): Promise<Run> =>
    new Promise((resolve) => {
      const options = { cwd: folder, env: { ...environment, ...more }, timeout: 60_000 };
      execFile(file, args, options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      });
    });

  /** How much of the calls was taken. The file stays: a call that comes while it is removed would be lost. */
  let taken = 0;

  return {
    folder,
    environment,
    /** What `az functionapp config appsettings list` tells from now on. */
    setSettings: (settings: { name: string; value: string }[]) =>
      writeFile(settingsFile, JSON.stringify(settings)),
    /** Azure knows no such function app any more. */
    removeApp: () => writeFile(goneFile, ''),
    /** Whoever has this token is signed in; nobody without one. */
    signIn: (token?: string) =>
      token === undefined ? rm(tokenFile, { force: true }) : writeFile(tokenFile, token),
    grant: (args: readonly string[], more?: Record<string, string>) =>
      run(process.execPath, [join(projectRoot, 'infra/grant.mjs'), ...args], more),
    /** Runs the commands of a POSIX shell among these lines. */
    runCommands: (lines: string) =>
      run('/bin/sh', [
        '-ec',
        lines
          .split('\n')
          .filter((line) => /^(az |for |graph=|sharepoint=)/.test(line))
          .join('\n'),
      ]),
    /** The calls of `az` and `azd` so far whose words begin with these, and forgets them all. */
    async takeCalls(words: string): Promise<string[]> {
      const text = await readFile(callsFile, 'utf8').catch(() => '');
      const fresh = text.slice(taken, text.lastIndexOf('\n') + 1);
      taken += fresh.length;
      return fresh.split('\n').filter((call) => call.startsWith(words) && call !== '');
    },
    end: () => rm(folder, { recursive: true, force: true }),
  };
}

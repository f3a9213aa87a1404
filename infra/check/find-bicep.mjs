import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const version = '0.49.2';
const systems = { linux: 'linux', darwin: 'osx', win32: 'win' };
const platform = `${systems[process.platform] ?? process.platform}-${process.arch}`;

/**
 * The Bicep CLI: the one on the PATH, or one that the .NET SDK brings from NuGet into the user's cache.
 * @returns the path of the program, or a sentence that says how to get it.
 */
export function findBicep() {
  if (answers('bicep')) return { bicep: 'bicep' };

  const folder = join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'photo-sync',
    `bicep-${version}`,
  );
  const file = process.platform === 'win32' ? 'bicep.exe' : 'bicep';
  const program = join(folder, 'packages', `azure.bicep.commandline.${platform}`, version, 'tools', file);
  if (!existsSync(program) && answers('dotnet')) restore(folder);
  if (existsSync(program)) {
    chmodSync(program, 0o755);
    return { bicep: program };
  }
  return {
    problem:
      'There is no Bicep CLI. Install it (https://learn.microsoft.com/azure/azure-resource-manager/bicep/install), ' +
      'or the .NET SDK, with which it is restored from NuGet.',
  };
}

const answers = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

function restore(folder) {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'bicep.csproj'), join(folder, 'bicep.csproj'));
  const { status, stdout } = spawnSync(
    'dotnet',
    ['restore', 'bicep.csproj', `-p:BicepVersion=${version}`, `-p:BicepPlatform=${platform}`],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1' } },
  );
  if (status !== 0) process.stderr.write(stdout);
}

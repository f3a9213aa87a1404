import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { safeLoad } from 'js-yaml';
import { packageFolder, projectRoot } from '../../src/simulator/launching/project-root';

/** What the Azure Developer CLI is told. */

interface Hook {
  shell: string;
  run: string;
}
type Hooks = Record<string, { windows: Hook; posix: Hook }>;

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const { requiredVersions, services, hooks } = safeLoad(read('azure.yaml')) as {
  requiredVersions: { azd: string };
  services: Record<
    string,
    { project: string; dist: string; host: string; remoteBuild: boolean; hooks: Hooks }
  >;
  hooks: Hooks;
};
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
const service = services.api!;

describe('azure.yaml', () => {
  it('deploys what `npm run package` makes, as it is', () => {
    expect(service).toMatchObject({
      project: '.',
      dist: basename(packageFolder),
      host: 'function',
      remoteBuild: false,
    });
    expect(service.hooks.prepackage?.posix.run).toBe('npm run package');
    // It would keep files of the package from being deployed.
    expect(existsSync(join(projectRoot, '.funcignore'))).toBe(false);
  });

  it('has one service, named as the function app is tagged', () => {
    const tag = /'azd-service-name': '(.*)'/.exec(read('infra/modules/function-app.bicep'))?.[1];
    expect(Object.keys(services)).toEqual([tag]);
  });

  it('installs without install scripts before azd does by itself, and the project has none of its own', () => {
    expect(service.hooks.prerestore?.posix.run).toBe('npm ci --ignore-scripts');
    const runByNpm = [
      'preinstall',
      'install',
      'postinstall',
      'prepublish',
      'preprepare',
      'prepare',
      'postprepare',
    ];
    expect(Object.keys(scripts).filter((name) => runByNpm.includes(name))).toEqual([]);
  });

  it('grants the rights between provisioning and deploying', () => {
    expect(hooks.postprovision?.posix.run).toBe('node infra/grant.mjs --hook');
  });

  it.each(Object.entries({ ...hooks, ...service.hooks }))(
    'runs at %s only what there is, and the same everywhere',
    (_event, { windows, posix }) => {
      expect(windows).toEqual({ ...posix, shell: 'pwsh' });
      const [, npmScript, file] = /^npm run (\S+)$|^node (\S+)/.exec(posix.run) ?? [];
      if (npmScript !== undefined) expect(Object.keys(scripts)).toContain(npmScript);
      else if (file !== undefined) expect(existsSync(join(projectRoot, file))).toBe(true);
      else expect(posix.run).toMatch(/^npm ci /);
    },
  );

  it('wants the azd that the README names', () => {
    const oldest = /^>= ([\d.]+)$/.exec(requiredVersions.azd)?.[1];
    expect(oldest).toBeDefined();
    expect(read('README.md')).toContain(`(${oldest!} or later)`);
  });
});

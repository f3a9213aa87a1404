import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources } from '../../src/simulator/directory/role-catalogue';
import { projectRoot } from '../../src/simulator/launching/project-root';
import * as rights from '../../src/tenant/rights';

interface GrantedRole {
  resource: 'graph' | 'sharepoint';
  role: string;
  id: string;
}

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

/** What infra/grant.mjs grants, from its own module, which jest can't load. */
const print =
  "import { roles, resourceApps } from './infra/grant/roles.mjs'; console.log(JSON.stringify({ roles, resourceApps }))";
const { roles, resourceApps } = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '--eval', print], {
    cwd: projectRoot,
    encoding: 'utf8',
  }),
) as {
  roles: Record<string, GrantedRole>;
  resourceApps: Record<'graph' | 'sharepoint', { name: string; appId: string }>;
};
const granted = Object.values(roles);

describe('The rights are the same everywhere', () => {
  it.each(granted)(
    '$role of $resource stands in the README’s table, with its id',
    ({ resource, role, id }) => {
      const rows = read('README.md')
        .split('\n')
        .filter((row) => row.startsWith(`| ${resourceApps[resource].name}`) && row.includes(`\`${role}\``));
      expect(rows).toHaveLength(1);
      expect(rows[0]).toContain(`\`${id}\``);
    },
  );

  it.each(granted)('$role of $resource has the simulated tenant’s id', ({ resource, role, id }) => {
    const { appId, name } = resourceApps[resource];
    const inTenant = resources.find((one) => one.appId === appId);
    expect(inTenant?.displayName).toBe(name);
    expect(inTenant?.roles).toContainEqual({ id, value: role });
  });

  it('what the app asks for is granted, and nothing else', () => {
    const needed = Object.values(rights).flatMap((right) => (typeof right === 'string' ? [] : [right]));
    const nameOf = (app: string, role: string) => `${role} on ${app}`;
    expect(granted.map(({ resource, role }) => nameOf(resourceApps[resource].name, role)).sort()).toEqual(
      [
        ...needed.map(({ role, resourceApp }) => nameOf(resourceApp, role)),
        nameOf('Office 365 SharePoint Online', 'Sites.FullControl.All'),
      ].sort(),
    );
  });

  it('the templates grant the same', () => {
    const template = read('infra/modules/app-roles.bicep');
    for (const { role } of granted) expect(template).toContain(`'${role}'`);
    for (const { appId } of Object.values(resourceApps)) expect(template).toContain(`'${appId}'`);
  });
});

/** What is assigned in Azure, from the templates: the module where it is done, and on what. */
const assigned = [
  { module: 'state-storage', to: ['the app', 'the admin'], on: 'state storage' },
  { module: 'host-storage', to: ['the app'], on: 'host storage' },
  { module: 'monitoring', to: ['the app'], on: 'Application Insights' },
];

it('The README’s table of roles in Azure is what the templates assign, with the ids', () => {
  const [, list] = /var roles = \{\n([^}]*)\}/.exec(read('infra/modules/shared.bicep'))!;
  const ids = new Map([...list!.matchAll(/(\w+): '([\w-]+)'/g)].map(([, name, id]) => [name, id]));
  const inWords = (name: string) =>
    name.replace(/([A-Z])/g, ' $1').replace(/^./, (letter) => letter.toUpperCase());
  const expected = assigned.flatMap(({ module, to, on }) => {
    const names = read(`infra/modules/${module}.bicep`).matchAll(/roles\.(\w+)/g);
    const roles = new Set([...names].map(([, name]) => name!));
    return to.flatMap((whom) => [...roles].map((name) => [whom, on, inWords(name), ids.get(name)].join()));
  });
  const documented = read('README.md')
    .split('\n')
    .map((line) =>
      /^\| (the \w+), on (?:the|its) ([\w ]+?) +\| `([\w ]+)` +\| `([\w-]+)` +\|/.exec(line)?.slice(1),
    )
    .flatMap((cells) => (cells ? [cells.join()] : []));
  expect(documented.sort()).toEqual(expected.sort());
  expect(new Set(documented.map((row) => row.split(',')[3]))).toEqual(new Set(ids.values()));
});

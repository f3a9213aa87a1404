import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/simulator/launching/project-root';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

const given = JSON.parse(read('infra/main.parameters.json')) as {
  parameters: Record<string, { value: unknown }>;
};
/** All but the app's own settings: by what name each comes from the azd environment. */
const parameters = Object.entries(given.parameters)
  .filter(([parameter]) => parameter !== 'settings')
  .map(([parameter, { value }]) => ({ parameter, name: String(value).replace(/^\$\{(\w+)\}$/, '$1') }));

/** What of each parameter stands in docs/parameters.md: its name in the azd environment, and its default. */
const rows = read('docs/parameters.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, name, , standard]) => ({ name: name!.replaceAll('`', ''), standard }));

/** Its default in the template: a number, a flag or text, as it is set in the azd environment. */
const main = read('infra/main.bicep');
const defaultOf = (parameter: string) =>
  new RegExp(`^param ${parameter} [^=\\n]+ = '?([\\w./]+)'?$`, 'm').exec(main)?.[1];

describe('docs/parameters.md', () => {
  it('has a row for each parameter of infra/main.parameters.json, and no other', () => {
    expect(rows.map(({ name }) => name).sort()).toEqual(parameters.map(({ name }) => name).sort());
  });

  const withDefault = parameters.flatMap(({ parameter, name }) => {
    const standard = defaultOf(parameter);
    return standard === undefined ? [] : [{ parameter, name, standard }];
  });

  it.each(withDefault)('$name has the default of $parameter in infra/main.bicep', ({ name, standard }) => {
    expect(rows.find((row) => row.name === name)?.standard).toBe(`\`${standard}\``);
  });

  it('compares most of them', () => expect(withDefault.length).toBeGreaterThan(10));
});

import { same } from './look.mjs';
import { settingsOfAdmin } from './names-in-code.mjs';

/**
 * What main.parameters.json must give.
 * @param main the compiled template.
 * @returns pairs of what is expected, and true or what is there instead.
 */
export function expectedParameters(main, { parameters }) {
  const { settings, ...others } = parameters;
  return [
    ['azd gives every one', same(Object.keys(parameters), Object.keys(main.parameters))],
    [
      'each says what it is',
      Object.values(main.parameters).every(({ metadata }) => metadata?.description.length > 10),
    ],
    [
      'each comes from the azd environment, and its default from the template',
      Object.values(others).every(({ value }) => /^\$\{[A-Z_]+\}$/.test(value)),
    ],
    ['all settings that an admin may choose', same(Object.keys(settings.value), settingsOfAdmin)],
    [
      'a setting has its own name in the azd environment, and its default from the code',
      Object.entries(settings.value).every(([name, value]) => value === `\${${name}}`),
    ],
  ];
}

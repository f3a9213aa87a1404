import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The page's feed shows what the app logs. Nobody should have to read the name of an event there. */

const source = join(__dirname, '../../../src');
const notDeployed = ['simulator', 'cli'];
/** They only inform, of what the page shows elsewhere or what is no news. */
const untold = new Set([
  ...['subscription-kept', 'subscription-event-dropped', 'scope-read'],
  ...['sweep-page', 'sweep-page-passed', 'sweep-not-started'],
]);

const told = new Set(
  [...readFileSync(join(source, 'simulator/page/app-lines.js'), 'utf8').matchAll(/^ {2}'([a-z-]+)': /gm)].map(
    ([, event = '']) => event,
  ),
);

function loggedEvents(): Set<string> {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !notDeployed.some((folder) => file.startsWith(`${folder}/`)),
  );
  const events = new Set<string>();
  for (const file of files) {
    const text = readFileSync(join(source, file), 'utf8');
    // What stands between the bracket and the fields: a name, one of two, or one with its kind in front.
    const said = text.matchAll(
      /\b(?:log\.(?:info|warn|error)\(|failed\(log, )([^{]*(?:\$\{kind\}[^{]*)?), \{/g,
    );
    for (const [, names = ''] of said) {
      for (const [, name = ''] of names.matchAll(/['`]((?:\$\{kind\}|[a-z]+)(?:-[a-z]+)+)['`]/g)) {
        const kinds = name.startsWith('$') ? ['notifications', 'lifecycle-events'] : [''];
        for (const kind of kinds) events.add(name.replace('${kind}', kind));
      }
    }
  }
  return events;
}

it('has words for whatever the app logs', () => {
  const events = loggedEvents();
  expect(events.size).toBeGreaterThan(40);
  expect([...events].filter((event) => !told.has(event) && !untold.has(event))).toEqual([]);
});

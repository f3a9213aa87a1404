import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { alerts, type Alert } from '../support/expect-alert';

/*
 * An alert that reads a line which nobody writes never fires, and nobody notices. So each one lists the lines and fields
 * that it reads: here that list is held against its query, and in other tests (`expectAlert`) against lines that the app
 * has logged there.
 */

const root = join(__dirname, '../..');
const textOf = ({ query }: Alert) => query.join('\n');
const eventsOf = ({ events }: Alert) => Object.entries(events);
const onAppLines = alerts.filter((alert) => eventsOf(alert).length > 0);

/** Every `expectAlert('…', '…'` in the tests. */
const shown = new Set(
  readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(join(root, 'test', file), 'utf8').matchAll(/expectAlert\(([^)]*?),\s*\w/g),
    ])
    .map(([, names]) => [...names!.matchAll(/'([\w-]+)'/g)].map(([, name]) => name).join(' ')),
);

describe.each(onAppLines)('The alert $name', (alert) => {
  const query = textOf(alert);

  it('reads the events that it lists, and no other', () => {
    const events = [...query.matchAll(/event (?:==|in) (\([^)]*\)|'[^']*')/g)].flatMap(([, list]) =>
      [...list!.matchAll(/'([^']+)'/g)].map(([, event]) => event),
    );
    expect(events.sort()).toEqual(Object.keys(alert.events).sort());
  });

  it('reads the fields that it lists, as what they are, and compares them with no other values', () => {
    const asKind = { tostring: 'text', toint: 'number', todatetime: 'time' };
    const read = [
      ...query.matchAll(/(tostring|toint|todatetime)\(line\.(\w+)\)(?: (?:==|in) (\([^)]*\)|'[^']*'))?/g),
    ];
    expect(read).toHaveLength([...query.matchAll(/line\.\w/g)].length);
    const kinds = Object.fromEntries(
      read.map(([, as, field, values]) => [
        field,
        values === undefined
          ? asKind[as as keyof typeof asKind]
          : [...values.matchAll(/'([^']+)'|(\d+)/g)].map(([, text, number]) => text ?? Number(number)),
      ]),
    );
    for (const [event, fields] of eventsOf(alert)) expect({ event, ...fields }).toEqual({ event, ...kinds });
  });

  it('is held against lines that the app has logged in a test', () => {
    const expected = Object.keys(alert.events).map((event) => `${alert.name} ${event}`);
    expect(expected.filter((pair) => !shown.has(pair))).toEqual([]);
  });
});

it('Every alert, on logs or on metrics, has its paragraph in the runbook, and every paragraph an alert', () => {
  const onMetrics = /var metricAlerts = \[([^]*?)\n\]/.exec(
    readFileSync(join(root, 'infra/modules/alerts.bicep'), 'utf8'),
  )?.[1];
  const names = [...onMetrics!.matchAll(/name: '([^']+)'/g)].map(([, name]) => name);
  expect(names).toHaveLength(2);
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
  const headings = [...runbook.matchAll(/^## ([a-z0-9-]+)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual([...alerts.map(({ name }) => name), ...names]);
});

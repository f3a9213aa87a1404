import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loggedFields } from '../support/logged-fields';

/* A chart of a field that nobody logs stays empty, and nobody knows that it should not be. */

const { items } = JSON.parse(readFileSync(join(__dirname, '../../infra/workbook.json'), 'utf8')) as {
  items: { name: string; content: { query?: string } }[];
};

/** What a query makes of a field, and of which types that can be. */
const readable = {
  tostring: /./,
  toint: /^number/,
  tolong: /^number/,
  tobool: /^boolean/,
  todatetime: /^string/,
};

/** Blank in the workbook, and meant to be. */
const blank: Record<string, string[]> = { 'subscription-refused': ['expiresAt'] };

const eventsOf = (query: string) =>
  [...query.matchAll(/event (?:==|in) (\([^)]*\)|'[^']*')/g)].flatMap(([, list]) =>
    [...list!.matchAll(/'([^']+)'/g)].map(([, event]) => event!),
  );

/** All but the event itself, which every line has. */
const fieldsOf = (query: string) =>
  [...query.matchAll(/(\w+)\(line\.(?!event\b)(\w+)\)/g)].map(([, as, field]) => ({
    field: field!,
    type: readable[as as keyof typeof readable],
  }));

const charts = items.flatMap(({ name, content: { query = '' } }) =>
  eventsOf(query).length > 0 ? [{ name, query }] : [],
);
const logged = loggedFields(charts.flatMap(({ query }) => eventsOf(query)));

it('The workbook has its charts, and they look for events as they are known here', () => {
  expect(charts.length).toBeGreaterThan(5);
  for (const { content } of items)
    expect(/line\.\w/.test(content.query ?? '')).toBe(eventsOf(content.query ?? '').length > 0);
});

it.each(charts)(
  'The workbook’s $name reads lines that the app logs, and fields that they have',
  ({ query }) => {
    const fields = fieldsOf(query);
    expect(fields).toHaveLength([...query.matchAll(/line\.(?!event\b)\w/g)].length);
    for (const event of eventsOf(query)) {
      const places = logged.get(event) ?? [];
      expect({ event, isLogged: places.length > 0 }).toEqual({ event, isLogged: true });
      for (const { field, type } of fields.filter(({ field }) => !blank[event]?.includes(field))) {
        for (const place of places) {
          expect({ event, field, type: place[field] }).toEqual({
            event,
            field,
            type: expect.stringMatching(type),
          });
        }
      }
    }
  },
);

import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { odataLiteral, xmlText } from '../../src/tenant/sharepoint-text';
import { readODataPath } from '../../src/simulator/sharepoint/odata-literals';

/** What names hold that addresses and XML give a meaning of their own to. */
const awkward = [
  "'",
  "''",
  '#',
  '%',
  '%27',
  '|',
  '&',
  '&amp;',
  '<',
  '>',
  '"',
  '/',
  '\\',
  '?',
  '+',
  ' ',
  ',',
  '(',
  ')',
  '@',
  '=',
  ';',
  ']]>',
  '<!--',
];
const beyondAscii = [
  'ü',
  'ß',
  'é',
  'e\u0301',
  '写真',
  'имя',
  'שם',
  '\u202eabc\u202c',
  '\u200f',
  '🙂',
  '👩🏽‍🚀',
  '\u00a0',
  '\u2028',
];

/** Texts like user principal names, account names and display names, as odd as they come; without control characters. */
const name = fc
  .array(
    fc.oneof(
      fc.constantFrom(...awkward, ...beyondAscii),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 6 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const examples = [
  ["o'neil@contoso.example"],
  ['alex_fabrikam.example#EXT#@contoso.example'],
  ['i:0#.f|membership|a%b@c.example'],
  ["'"],
  ["''"],
  ['%'],
  ['%2527'],
] as [string][];

describe('Any name', () => {
  it('comes back from an OData literal in an address, as a server reads it', () => {
    fc.assert(
      fc.property(name, (value) => {
        const literal = odataLiteral(value);
        expect(literal).toMatch(/^'[\w\-.!~*()%]*'$/);
        const decoded = decodeURIComponent(literal);
        expect(decoded.slice(1, -1).replaceAll("''", "'")).toBe(value);
      }),
      { examples, numRuns: 1000 },
    );
  });

  it('is one argument in a path and in a query, and nothing beside it', () => {
    fc.assert(
      fc.property(name, (value) => {
        const url = new URL(
          `https://x.example/_api/web/GetFile(DecodedUrl=${odataLiteral(value)},Overwrite=true)/Folders?@v=${odataLiteral(value)}&$select=Name`,
        );
        const [, file, folders] = readODataPath(url.pathname.slice('/_api/'.length), url.searchParams);
        expect(file?.args).toEqual(
          new Map<string, unknown>([
            ['decodedurl', value],
            ['overwrite', true],
          ]),
        );
        expect(folders?.name).toBe('folders');
        expect(url.searchParams.get('@v')).toBe(`'${value.replaceAll("'", "''")}'`);
        expect(url.searchParams.get('$select')).toBe('Name');
      }),
      { examples, numRuns: 1000 },
    );
  });

  it('comes back from XML, as text and as nothing else', () => {
    const parser = new XMLParser({
      trimValues: false,
      parseTagValue: false,
      processEntities: true,
      ignoreAttributes: false,
    });
    fc.assert(
      fc.property(name, (value) => {
        expect(parser.parse(`<a><b>${xmlText(value)}</b></a>`)).toEqual({ a: { b: value } });
        const quoted = parser.parse(`<a b="${xmlText(value)}"/>`) as { a: Record<string, string> };
        expect(quoted.a['@_b']).toBe(value);
      }),
      { examples, numRuns: 1000 },
    );
  });
});

it.each(['\u0000', 'a\u0008', '\u000b', '\u001b[31m', '\ufffe', '\uffff'])(
  'A control character, which XML can’t hold, is refused: %j',
  (value) => {
    expect(() => xmlText(value)).toThrow('control character');
  },
);

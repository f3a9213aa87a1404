/**
 * The path of a SharePoint REST call, taken apart: `web/GetFolderByServerRelativePath(DecodedUrl='/a')/Files` is three
 * calls, each with its arguments. Strings stand in apostrophes, an apostrophe inside is doubled, and `@name` stands
 * for the query parameter of that name.
 * https://learn.microsoft.com/sharepoint/dev/sp-add-ins/determine-sharepoint-rest-service-endpoint-uris
 */

export type ODataValue = string | number | boolean;

export interface ODataCall {
  /** Lower case: SharePoint doesn't tell cases apart. */
  name: string;
  /** By lower-case parameter name; an argument without a name stands under ''. */
  args: ReadonlyMap<string, ODataValue>;
}

/** The call can't be read. */
export class ODataSyntaxError extends Error {}

/** Splits at `separator`, but not inside a literal; a doubled apostrophe closes and opens again, so it needs no care. */
function splitOutsideLiterals(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  let inside = false;
  for (const character of text) {
    if (character === "'") inside = !inside;
    if (character === separator && !inside) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  if (inside) throw new ODataSyntaxError(`The expression "${text}" is not valid.`);
  return [...parts, part];
}

/** `'o''neil'` -> `o'neil`. Undefined when it is no well-formed string literal. */
export function readStringLiteral(text: string): string | undefined {
  const inner = /^'((?:[^']|'')*)'$/s.exec(text)?.[1];
  return inner?.replaceAll("''", "'");
}

function readValue(text: string): ODataValue | undefined {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  if (/^-?\d+$/.test(text)) return Number(text);
  return readStringLiteral(text);
}

function readArgument(text: string, query: URLSearchParams): [string, ODataValue] {
  const [, givenName, given] = /^\s*(?:([A-Za-z_]\w*)\s*=)?\s*(.*?)\s*$/s.exec(text) ?? [];
  const name = givenName ?? '';
  const alias = given?.startsWith('@') ? given : undefined;
  const value = readValue(alias ? (query.get(alias) ?? '') : (given ?? ''));
  if (value !== undefined) return [name.toLowerCase(), value];
  if (alias) {
    throw new ODataSyntaxError(`The query string "${name}" is missing or invalid.`);
  }
  throw new ODataSyntaxError(`The expression "${text}" is not valid.`);
}

function readCall(segment: string, query: URLSearchParams): ODataCall {
  const [, name, list] = /^([A-Za-z$_][\w.]*)(?:\((.*)\))?$/s.exec(segment) ?? [];
  if (!name) throw new ODataSyntaxError(`The expression "${segment}" is not valid.`);
  const texts = list?.trim() ? splitOutsideLiterals(list, ',') : [];
  return { name: name.toLowerCase(), args: new Map(texts.map((text) => readArgument(text, query))) };
}

/** `path` is what follows `/_api/`, percent-encoded as sent. */
export function readODataPath(path: string, query: URLSearchParams): ODataCall[] {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw new ODataSyntaxError(`The expression "${path}" is not valid.`);
  }
  const segments = splitOutsideLiterals(decoded, '/').filter((segment) => segment !== '');
  return segments.map((segment) => readCall(segment, query));
}

/** The string argument of the first of these names. */
export function stringArgument(call: ODataCall, ...names: string[]): string {
  for (const name of names) {
    const value = call.args.get(name.toLowerCase());
    if (typeof value === 'string') return value;
  }
  const name = names[0] ?? '';
  throw new ODataSyntaxError(`The query string "${name}" is missing or invalid.`);
}

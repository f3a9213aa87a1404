/** What the tenant's own books say that nobody may read in a log. */
export interface TenantSecrets {
  /** Of everybody who is or was there: display names and user principal names. */
  names: string[];
  clientStates: string[];
  tokens: string[];
  identityHeader: string;
}

/** What gives itself away, whoever issued it. */
const shapes = {
  'a token': /eyJ[\w-]{10,}\.[\w-]{10,}/,
  'a header with a token': /\bbearer\s+[\w-]{8}|authorization\W{1,4}\s*\w/i,
  "the identity endpoint's header": /x-identity-header/i,
  'an address': /[\w.'+-]+(#EXT#)?(@|%40)[\w-]+(\.[\w-]+)*\.[a-z]{2,}\b/i,
  "SharePoint's name of a person": /membership(\||%7c)\w/i,
  'a picture in base64': /[A-Za-z0-9+/]{120,}/,
  'a picture in hex': /[0-9a-f]{120,}/i,
  'a picture as a list of bytes': /(\d{1,3},\s?){20,}|(\b[0-9a-f]{2} ){12,}/i,
  'a key of Storage': /AccountKey=\w|[?&]sig=\w/i,
};

/** @returns what lines of a log tell that they may not, each with the line; empty if they tell nothing. */
export function findLeaks(lines: readonly string[], secrets: TenantSecrets): string[] {
  const [leaks, text] = [[] as string[], lines.join('\n')];
  const tell = (what: string, line: string) => leaks.push(`${what} in: ${line.slice(0, 500)}`);
  for (const [what, shape] of Object.entries(shapes)) {
    for (const line of lines) if (shape.test(line)) tell(what, line);
  }
  const known = {
    'the name of somebody': secrets.names.flatMap(asWritten),
    'a clientState': secrets.clientStates,
    'a token that was issued': secrets.tokens,
    'the secret of the identity endpoint': [secrets.identityHeader],
  };
  for (const [what, all] of Object.entries(known)) {
    for (const one of new Set(all)) {
      // First in all lines at once: there are thousands of each.
      if (one.length < 4 || !text.includes(one)) continue;
      for (const line of lines) if (line.includes(one)) tell(what, line);
    }
  }
  return leaks;
}

/** As it is, as in a URL, as in an OData literal, and as in the names of SharePoint's own files. */
const asWritten = (name: string) => [
  name,
  encodeURIComponent(name),
  name.replaceAll("'", "''"),
  ...(name.includes('@') ? [name.replaceAll(/[^\w]/g, '_')] : []),
];

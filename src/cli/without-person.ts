/** Where rows name many people, they may shorten an id to its first eight characters. */
const tagLength = 8;

/**
 * Takes a person out of a row about many: out of lists and objects in JSON, and out of columns that hold the id alone.
 * @returns where the person was named, and the columns as they are without.
 */
export function withoutPerson(
  row: Record<string, unknown>,
  personId: string,
): { found: string[]; changes: Record<string, string> } {
  const names = [personId, personId.slice(0, tagLength)];
  const found: string[] = [];
  const changes: Record<string, string> = {};

  const strip = (value: unknown, path: string): unknown => {
    if (Array.isArray(value)) {
      const kept = value.filter((entry) => !names.includes(String(entry)));
      if (kept.length < value.length) found.push(path);
      return kept.map((entry, index) => strip(entry, `${path}[${String(index)}]`));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        if (!names.includes(key)) return [[key, strip(inner, `${path}.${key}`)]];
        found.push(`${path}.${key}`);
        return [];
      }),
    );
  };

  for (const [column, value] of Object.entries(row)) {
    if (typeof value !== 'string' || column === 'partitionKey' || column === 'rowKey') continue;
    const before = found.length;
    const stripped = value === personId ? '' : JSON.stringify(strip(parse(value), column));
    if (value === personId) found.push(column);
    if (found.length > before) changes[column] = stripped;
  }
  return { found, changes };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

import { createHash } from 'node:crypto';

/** The same GUID for the same text, for what SharePoint gives an id and the books don't keep one of. */
export function stableGuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  const [, a, b, c, d, e] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(hex) ?? [];
  return [a, b, c, d, e].join('-');
}

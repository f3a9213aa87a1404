const bytesOfId = 16;

/** Of people, as many as fit into one text column: 64 KiB, two bytes a character. */
// https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model#property-types
export const idsInChunk = 1500;

/** Object ids, GUIDs in lower case, as base64 of their 16 bytes each. */
export function encodeIds(ids: readonly string[]): string {
  return Buffer.from(ids.map((id) => id.replaceAll('-', '')).join(''), 'hex').toString('base64');
}

export function decodeIds(text: string): string[] {
  const hex = Buffer.from(text, 'base64').toString('hex');
  const ids: string[] = [];
  for (let at = 0; at + bytesOfId * 2 <= hex.length; at += bytesOfId * 2) {
    const id = hex.slice(at, at + bytesOfId * 2);
    ids.push(`${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`);
  }
  return ids;
}

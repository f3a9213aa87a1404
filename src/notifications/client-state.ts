import { createHash, timingSafeEqual } from 'node:crypto';

/** The longest clientState that Graph keeps. https://learn.microsoft.com/graph/api/resources/subscription */
const maximumLength = 128;

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/**
 * Whether a notification carries the subscription's secret. Only digests are compared, in constant time, so neither
 * the time nor the stored row tells anything about the secret.
 */
export function isClientState(value: unknown, expectedSha256Hex: string): boolean {
  const isText = typeof value === 'string' && value.length > 0 && value.length <= maximumLength;
  const given = createHash('sha256')
    .update(isText ? value : '', 'utf8')
    .digest();
  const expected = Buffer.from(expectedSha256Hex, 'hex');
  return expected.length === given.length && timingSafeEqual(given, expected) && isText;
}

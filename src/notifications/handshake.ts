/** What the function answers: a status, headers and a body. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

const longestToken = 4096;
// eslint-disable-next-line no-control-regex -- a token with control characters is none of Graph's
const controlCharacter = /[\u0000-\u001f\u007f]/;

/** One line of JSON that says what is wrong, to whoever called. */
export function refuse(status: number, error: string, headers: Record<string, string> = {}): HttpAnswer {
  return {
    status,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      ...headers,
    },
    body: JSON.stringify({ error }),
  };
}

/**
 * Graph asks whether we are there before it makes a subscription: the token comes back decoded, as plain text and
 * nothing else. It is opaque, so only what could never be one is refused.
 * https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 * @param rawUrl as sent, since the host joins repeated parameters with commas.
 * @param decoded the parameter as the host decoded it.
 * @returns undefined where this is no handshake.
 */
export function answerHandshake(rawUrl: string, decoded: string | null): HttpAnswer | undefined {
  const query = rawUrl.slice(rawUrl.indexOf('?') + 1);
  const tokens = rawUrl.includes('?')
    ? query.split('&').filter((part) => /^validationToken(=|$)/i.test(part))
    : [];
  if (tokens.length === 0 && decoded === null) return undefined;
  if (tokens.length > 1) return refuse(400, 'More than one validationToken.');
  const token = decoded ?? '';
  if (token === '') return refuse(400, 'The validationToken is empty.');
  if (token.length > longestToken) return refuse(400, 'The validationToken is longer than 4096 characters.');
  if (controlCharacter.test(token)) return refuse(400, 'The validationToken has control characters.');
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
    body: token,
  };
}

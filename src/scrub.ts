/*
 * What no log and no error may tell: who somebody is, a secret, the bytes of a picture. Our own lines hold none of it;
 * this is for what others put into their errors, and for mistakes of our own. Object ids, etags and SHA-256 in hex stay.
 */

type Rule = readonly [pattern: RegExp, instead: string | ((found: string, ...groups: string[]) => string)];

/** Names that a secret follows: in a header, in JSON, in a query, in a connection string. */
const secretNames = [
  'authorization',
  'x-identity-header',
  'identity_header',
  'x-functions-key',
  'clientState',
  'client_?secret',
  'client_?assertion',
  '(?:access|id|refresh)_?token',
  'validationToken',
  'accountKey',
  'sharedAccess(?:Key|Signature)',
  'sig',
  'password',
  'pwd',
].join('|');

/** One after the other: each takes what the ones before have left. None looks at a character more than a few times. */
const rules: readonly Rule[] = [
  [
    new RegExp(
      String.raw`(?<![a-z0-9])(${secretNames})(\\*["']?\s*[:=]\s*\\*["']?)(?:[a-z]+ )?[^\s"';,&\\]+`,
      'gi',
    ),
    '$1$2[secret]',
  ],
  [/\b(bearer)(?:\s|%20|\+)+[^\s"',;&\\]+/gi, '$1 [secret]'],
  // A JSON Web Token.
  [/eyJ[\w-]+(?:\.[\w-]*)+/g, '[secret]'],
  // A key or a signature: base64 of 32 bytes or 64.
  [/[A-Za-z0-9+/]{40,}={1,2}/g, '[secret]'],
  // Of an address, the host is what an admin has to know. The rest may name somebody, or be a signature.
  [/([a-z][a-z0-9+.-]{0,20}:\/\/)([^\s"<>/?#\\=,;]+)([/?#\\][^\s"<>]*)?/gi, urlInShort],
  [/https?%(?:25)*3a%(?:25)*2f%(?:25)*2f[^\s"<>]+/gi, '[address]'],
  // SharePoint's name of an account: i:0#.f|membership|name@contoso.com.
  [/membership(?:\||%(?:25)*7c)[^\s"<>]+/gi, 'membership|[person]'],
  // Addresses and user principal names, a guest's too: name_fabrikam.com#EXT#@contoso.onmicrosoft.com.
  [
    /(?<![^\s"<>()[\]{},;:|/\\])[^\s"<>()[\]{},;:|/\\]+(?:@|%(?:25)*40)[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+/gu,
    '[person]',
  ],
  // SharePoint's own picture files are named after the person's address, ours after the object id.
  [/(?<![\w.%~'-])(?!m365-[0-9a-f-]{36}_)[\w.%~'-]+_([SML])Thumb\./gi, '[person]_$1Thumb.'],
  // A Buffer as Node prints it, and as JSON.
  [/\b[0-9a-f]{2}(?:\s[0-9a-f]{2}\b){7,}/gi, '[bytes]'],
  [/\b\d{1,3}(?:,\s?\d{1,3}\b){15,}/g, '[bytes]'],
  [/[0-9a-f]{65,}/gi, '[bytes]'],
  [/[A-Za-z0-9+/]{65,}={0,2}/g, (run) => (isPath(run) ? run : '[bytes]')],
  // A clientState: base64url of 32 bytes.
  [/[\w+-]{40,}/g, (run) => (isRandom(run) ? '[secret]' : run)],
];

const longest = 8192;
const longestRead = 4 * longest;

/** `text` without names, secrets and bytes, and cut where it is longer than any message has reason to be. */
export function scrub(text: string): string {
  // What lies across the cut goes as a whole: half a secret has no shape to know it by.
  const read =
    text.length > longestRead ? text.slice(0, Math.max(0, text.lastIndexOf(' ', longestRead))) : text;
  let clean = read;
  for (const [pattern, instead] of rules) {
    clean = typeof instead === 'string' ? clean.replace(pattern, instead) : clean.replace(pattern, instead);
  }
  return clean.length > longest || read.length < text.length ? `${clean.slice(0, longest)}…` : clean;
}

/**
 * What was thrown, fit for the host to log: its kind, message and stack, scrubbed. What else hangs on it, like a cause
 * or the request that a library keeps with its error, is left behind.
 */
export function scrubbedError(thrown: unknown): Error {
  if (!(thrown instanceof Error)) return new Error(scrub(String(thrown)));
  const error = new Error(scrub(thrown.message));
  error.name = scrub(thrown.name);
  error.stack = scrub(thrown.stack ?? thrown.message);
  return error;
}

/** Microsoft's documentation is kept whole: messages send the admin there. */
function urlInShort(_url: string, scheme: string, authority: string, rest = ''): string {
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host === 'learn.microsoft.com') return scheme + host + rest;
  const end = /[).,;:'\]]$/.exec(rest)?.[0] ?? '';
  return scheme + host + (rest === '' ? '' : '/…') + end;
}

/** Folders of a stack trace are as long as a picture in base64, but are no mixture of letters and digits. */
const isPath = (run: string) =>
  run.includes('/') && !(/[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run));

/** Capitals and small letters without end: no object id, no name of ours that holds one, no hash in hex. */
const isRandom = (run: string) => {
  const rest = run.replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '');
  return rest.length >= 40 && /[a-z]/.test(rest) && /[A-Z]/.test(rest);
};

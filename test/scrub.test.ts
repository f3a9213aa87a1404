import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { messageOf } from '../src/errors';
import { createLog } from '../src/log';
import { scrub, scrubbedError } from '../src/scrub';

const personId = '5a0c8d3e-9f10-4c6a-8a53-0d9a1e7c4b21';
const clientState = 'Zk3v0q-_9XbT1mRc7hWn2sLyPaEoGdUfJiKtVzQxB45';
const accountKey = Buffer.alloc(64, 'Azurite key 7').toString('base64');
const jwt =
  'eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJodHRwczovL2dyYXBoIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const sha256 = createHash('sha256').update('a picture').digest('hex');

describe('Scrubbing takes away', () => {
  it.each([
    { what: 'an address', given: 'No mailbox for Sam.Birch@contoso.com.', then: 'No mailbox for [person].' },
    { what: 'one in quotes', given: `User "o'neil@contoso.com" is`, then: 'User "[person]" is' },
    { what: 'one with umlauts', given: 'to jürgen@müller.example!', then: 'to [person]!' },
    { what: 'one encoded', given: 'for sam%40contoso.com', then: 'for [person]' },
    { what: 'one encoded twice', given: 'for sam%2540contoso.com', then: 'for [person]' },
    {
      what: 'a guest',
      given: 'ada_fabrikam.com#EXT#@contoso.onmicrosoft.com is a guest',
      then: '[person] is a guest',
    },
    {
      what: 'a guest encoded',
      given: 'users/ada_fabrikam.com%23EXT%23%40contoso.onmicrosoft.com/photo',
      then: 'users/[person]/photo',
    },
    {
      what: 'the name of a SharePoint account',
      given: 'i:0#.f|membership|sam_birch@contoso.com has no profile',
      then: 'i:0#.f|membership|[person] has no profile',
    },
    {
      what: 'one encoded in a path',
      given: "/_api/GetPropertiesFor(@v)?@v='i%3A0%23.f%7Cmembership%7Csam%40contoso.com'",
      then: "/_api/GetPropertiesFor(@v)?@v='i%3A0%23.f%7Cmembership|[person]",
    },
    {
      what: "SharePoint's name of a picture",
      given: '/User Photos/Profilbilder/sam_birch_contoso_com_MThumb.jpg is checked out',
      then: '/User Photos/Profilbilder/[person]_MThumb.jpg is checked out',
    },
    {
      what: 'all of a URL but its host',
      given: 'GET https://contoso-my.sharepoint.com/_api/web?sv=1&user=Sam: 500',
      then: 'GET https://contoso-my.sharepoint.com/…: 500',
    },
    { what: 'who logs in by a URL', given: 'https://sam:pw@host.example/', then: 'https://host.example/…' },
    { what: 'a URL encoded', given: 'url=https%3A%2F%2Fhost%2Fsam', then: 'url=[address]' },
    {
      what: 'an Authorization header',
      given: 'authorization: SharedKey devstore:abc=',
      then: 'authorization: [secret]',
    },
    {
      what: 'one in JSON',
      given: '{"Authorization":"Bearer abc","a":1}',
      then: '{"Authorization":"[secret]","a":1}',
    },
    {
      what: 'one in JSON within JSON',
      given: String.raw`{\"Authorization\":\"Bearer abc\"}`,
      then: String.raw`{\"Authorization\":\"[secret]\"}`,
    },
    { what: 'a bearer token', given: 'sent Bearer abc.def, refused', then: 'sent Bearer [secret], refused' },
    { what: 'a token', given: `token ${jwt} expired`, then: 'token [secret] expired' },
    {
      what: "the identity endpoint's header",
      given: 'X-IDENTITY-HEADER: 853b9a84-5bfa',
      then: 'X-IDENTITY-HEADER: [secret]',
    },
    { what: 'a clientState', given: `got ${clientState} instead`, then: 'got [secret] instead' },
    {
      what: 'a short one by its name',
      given: '{"clientState":"hush"}',
      then: '{"clientState":"[secret]"}',
    },
    {
      what: 'the key in a connection string',
      given: `AccountName=devstore;AccountKey=${accountKey};EndpointSuffix=core.windows.net`,
      then: 'AccountName=devstore;AccountKey=[secret];EndpointSuffix=core.windows.net',
    },
    { what: 'a key alone', given: `key ${accountKey}.`, then: 'key [secret].' },
    {
      what: "a shared access signature's",
      given: 'se=2026&sig=ab%2Bc%3D&sp=r',
      then: 'se=2026&sig=[secret]&sp=r',
    },
    {
      what: 'a picture in base64',
      given: `body /9j/4AAQSkZJRg${'Ab9+'.repeat(40)}`,
      then: 'body [bytes]',
    },
    { what: 'a picture in hex', given: `body ffd8ffe0${'00'.repeat(40)}`, then: 'body [bytes]' },
    {
      what: 'a Buffer',
      given: '<Buffer ff d8 ff e0 00 10 4a 46 49 46 ... 9 more>',
      then: '<Buffer [bytes] ... 9',
    },
    {
      what: 'a Buffer in JSON',
      given: `{"type":"Buffer","data":[${[...Buffer.alloc(30, 'x')].join(',')}]}`,
      then: '{"type":"Buffer","data":[[bytes]]}',
    },
  ])('$what', ({ given, then }) => {
    expect(scrub(given)).toContain(then);
    expect(scrub(scrub(given))).toBe(scrub(given));
  });
});

describe('Scrubbing leaves', () => {
  it.each([
    `Person ${personId} has no profile yet.`,
    `etag "${sha256}", W/"datetime'2026-11-27T21%3A30%3A13.0000000Z'"`,
    `/User Photos/Profilbilder/m365-${personId}_MThumb.jpg`,
    `/v1.0/users/${personId}/photos/96x96/$value`,
    "SharePoint refuses (-2147024894, System.IO.FileNotFoundException): the app's identity needs Sites.Selected.",
    'Azure Storage failed while reading the table PhotoSyncSubscriptions: ECONNREFUSED.',
    'SHAREPOINT_GEOS: entry 1 must be two hosts, like https://a-my.sharepoint.com=https://a-admin.sharepoint.com.',
    'See https://learn.microsoft.com/graph/change-notifications-lifecycle-events#reauthorizing-subscriptions.',
    'User.ReadWrite.All on "Office 365 SharePoint Online"',
    'RETRY_SECONDS: 1, 2, 5, 15, 60; 2026-11-27T21:30:13.123Z; 128 of 4,096',
    '    at applyPhoto (/srv/site/wwwroot/dist/photos/apply-photo.js:31:11)',
    '    at Q (/app/node_modules/@azure/storage-queue/dist/commonjs/generated/src/operations/MessagesImpl.js:9:5)',
    'a\nb\tc "\u0000"',
  ])('%j', (text) => {
    expect(scrub(text)).toBe(text);
  });
});

describe('Wherever it stands,', () => {
  const letters = fc.stringMatching(/^[a-z][a-zA-Z0-9.'_+-]{5,20}[a-z]$/);
  const domain = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}(\.[a-z]{2,8}){1,2}$/);
  const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const base64 = (length: number, encoding: 'base64' | 'base64url') =>
    bytes(length).map((raw) => Buffer.from(raw).toString(encoding));
  /** What could make a secret look like part of something else. */
  const around = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc
      .array(
        fc.constantFrom(
          ...[
            'http://',
            'https://learn.microsoft.com/',
            'a@',
            '@b.example',
            '%40',
            'eyJ',
            'Bearer ',
            'sig=',
            '|',
          ],
          ...[
            '.',
            '/',
            '=',
            '&',
            "'",
            '"',
            '\\',
            ' ',
            '1,2,',
            'ff ',
            'membership|',
            '_MThumb.',
            '[',
            '(',
            'é',
            'x',
          ],
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join('')),
  );

  it.each([
    { what: 'no user principal name', secret: fc.tuple(letters, domain).map((parts) => parts.join('@')) },
    {
      what: 'no encoded one',
      secret: fc.tuple(letters, domain).map(([name, host]) => encodeURIComponent(`${name}@${host}`)),
    },
    {
      what: 'no guest',
      secret: fc.tuple(letters, domain).map(([name, host]) => `${name}_fabrikam.com#EXT#@${host}`),
    },
    { what: 'no clientState', secret: base64(32, 'base64url') },
    { what: 'no account key', secret: base64(64, 'base64') },
    { what: 'no signature', secret: base64(32, 'base64') },
    {
      what: 'no token',
      secret: fc
        .tuple(base64(30, 'base64url'), base64(90, 'base64url'), base64(256, 'base64url'))
        .map(([head, claims, signature]) => `eyJ${head}.eyJ${claims}.${signature}`),
    },
    { what: 'no picture', secret: base64(300, 'base64').map((text) => `/9j/4AAQ${text}`) },
    { what: 'no picture in hex', secret: bytes(300).map((raw) => Buffer.from(raw).toString('hex')) },
  ])('$what comes through', ({ secret }) => {
    fc.assert(
      fc.property(around, secret, around, (before, hidden, after) => {
        const clean = scrub(before + hidden + after);
        expect(clean).not.toContain(hidden);
        // Nor the greater part of it.
        expect(clean).not.toContain(hidden.slice(0, -4).slice(-40));
      }),
      { numRuns: 400 },
    );
  });

  it('a secret does not survive the cut of what is too long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 32_600, max: 32_800 }), (length) => {
        const clean = scrub(`${'hello '.repeat(7000).slice(0, length)}${clientState} and so on`);
        expect(clean.length).toBeLessThan(8200);
        expect(clean).not.toMatch(/Zk3/);
      }),
    );
  });

  it.each([
    { what: 'letters', text: 'a'.repeat(1e6) },
    { what: 'beginnings of tokens', text: 'eyJ'.repeat(3e5) },
    { what: 'at signs', text: 'a@'.repeat(5e5) },
    { what: 'punctuation', text: `http://a/${'.'.repeat(1e6)}x` },
    { what: 'dots', text: 'a.'.repeat(5e5) },
    { what: 'blanks', text: `sig ${' '.repeat(1e6)}` },
    { what: 'numbers', text: '1,'.repeat(5e5) },
    { what: 'random bytes', text: randomBytes(1e6).toString('base64') },
  ])('a megabyte of $what is done with at once', ({ text }) => {
    const began = performance.now();
    scrub(text);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('It is applied', () => {
  const hidden = `sam@contoso.com, ${clientState}`;

  it('to every text of a line in the log, lists too', () => {
    const target = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };
    createLog(target).error('x', { personId, reason: hidden, problems: ['fine', hidden], count: 3 });
    expect(JSON.parse(String(target.error.mock.calls[0]?.[0]))).toEqual({
      event: 'x',
      personId,
      reason: '[person], [secret]',
      problems: ['fine', '[person], [secret]'],
      count: 3,
    });
  });

  it('to the message of an error', () => {
    expect(messageOf(new Error(hidden))).toBe('[person], [secret]');
    expect(messageOf(hidden)).toBe('[person], [secret]');
  });

  it('to an error, with its kind and its stack and without what hangs on it', () => {
    const thrown = Object.assign(new TypeError(hidden, { cause: hidden }), { request: hidden });
    const error = scrubbedError(thrown);
    expect(error).toMatchObject({ name: 'TypeError', message: '[person], [secret]' });
    expect(error.stack).toMatch(/^TypeError: \[person\], \[secret\]\n {4}at .*scrub\.test\.ts:\d+/);
    expect(Object.keys(error)).toEqual(['name']);
    expect(error.cause).toBeUndefined();
  });

  it('to what is thrown and is no error', () => {
    expect(scrubbedError(hidden).message).toBe('[person], [secret]');
    expect(scrubbedError(undefined).message).toBe('undefined');
  });
});

import { findLeaks, type TenantSecrets } from '../support/find-leaks';
import { startJourney, startMs } from '../support/journey';

/*
 * Every journey ends with a look through all that its hosts have logged. That this look can fail, and that nothing
 * gets past it, is shown here.
 */

const secrets: TenantSecrets = {
  names: ['Ada Abel', "kim.o'neil@contoso.example"],
  clientStates: ['c1'.repeat(21)],
  tokens: ['opaque-token'],
  identityHeader: 'header-secret',
};

it.each([
  { what: 'a name', line: 'Ada Abel has no photo' },
  { what: 'an address', line: 'no mailbox for sam@contoso.example' },
  { what: 'an address in a URL', line: 'GET /users/sam%40contoso.example' },
  { what: "a guest's", line: 'sam_fabrikam.com#EXT#@contoso.onmicrosoft.com' },
  {
    what: 'an address as SharePoint names files',
    line: '/User Photos/kim_o_neil_contoso_example_MThumb.jpg',
  },
  { what: 'an address in OData', line: "'kim.o''neil@contoso.example'" },
  { what: 'a SharePoint account', line: 'i:0#.f|membership|somebody' },
  { what: 'a clientState', line: `clientState ${'c1'.repeat(21)}` },
  { what: 'a token that was issued', line: 'token opaque-token' },
  { what: 'any token', line: 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwcyJ9.c2ln' },
  { what: 'a header', line: '{"authorization":"Basic YTpi"}' },
  { what: 'the identity endpoint’s header', line: 'X-IDENTITY-HEADER missing' },
  { what: 'its secret', line: 'sent header-secret' },
  { what: 'a picture in base64', line: Buffer.alloc(200, 'picture').toString('base64') },
  { what: 'a picture in hex', line: Buffer.alloc(200, 'picture').toString('hex') },
  { what: 'a picture as bytes', line: JSON.stringify(Buffer.alloc(200, 'picture')) },
  { what: 'a stack with a name', line: 'Error: x\n    at Ada Abel (/dist/x.js:1:1)' },
])('The look through the logs finds $what', ({ line }) => {
  expect(findLeaks(['all is well', line], secrets)).not.toEqual([]);
});

it('The look through the logs finds nothing in what a log is for', () => {
  const id = '5a0c8d3e-9f10-4c6a-8a53-0d9a1e7c4b21';
  const lines = [
    `{"event":"photo-decided","personId":"${id}","plan":"apply","etag":"\\"${'0a'.repeat(32)}\\""}`,
    `Executed 'Functions.apply-photo' (Failed, Duration=3ms): Error: x\n    at f (/a/node_modules/@azure/x.js:1:1)`,
    'SharePoint refuses: the app needs the role User.ReadWrite.All on "Office 365 SharePoint Online".',
  ];
  expect(findLeaks(lines, secrets)).toEqual([]);
});

it(
  'A journey fails where somebody who was in the tenant is named in a log, even after that person has left',
  async () => {
    const journey = await startJourney({ people: 15, startHost: false });
    const { id, displayName } = await journey.take();
    await journey.control.deleteUser(id);
    journey.log.take({
      time: new Date().toISOString(),
      level: 'debug',
      function: '',
      invocationId: '',
      message: `planted: ${displayName}`,
    });
    await expect(journey.stop()).rejects.toThrow(`the name of somebody in: planted: ${displayName}`);
  },
  startMs,
);

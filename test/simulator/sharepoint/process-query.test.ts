import { ADA, createTestTenant, ONEIL, type Call } from './tenant';

const PEOPLE_MANAGER = '{cf560d69-0fdb-4489-a216-b6b47adf8ef8}';

const parameter = (value: string) =>
  `<Parameter Type="String">${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</Parameter>`;

const setAction = (id: number, accountName: string, name: string, value: string) =>
  `<Method Name="SetSingleValueProfileProperty" Id="${id}" ObjectPathId="1"><Parameters>${[accountName, name, value].map(parameter).join('')}</Parameters></Method>`;

const queryOf = (actions: string, typeId = PEOPLE_MANAGER) =>
  `<Request xmlns="http://schemas.microsoft.com/sharepoint/clientquery/2009" SchemaVersion="15.0.0.0" LibraryVersion="16.0.0.0" ApplicationName="test"><Actions><ObjectPath Id="2" ObjectPathId="1"/>${actions}</Actions><ObjectPaths><Constructor Id="1" TypeId="${typeId}"/></ObjectPaths></Request>`;

const post = (body: string, more: Call = {}): [string, Call] => [
  '/_vti_bin/client.svc/ProcessQuery',
  { role: 'admin', method: 'POST', headers: { 'content-type': 'text/xml' }, body, ...more },
];

const errorOf = (json: unknown) => (json as [{ ErrorInfo: unknown }])[0].ErrorInfo;

it('sets properties in the order given', async () => {
  const { books, call, changes } = createTestTenant();
  const url = 'https://contoso-my.sharepoint.com/User%20Photos/Profilbilder/<x>&y_MThumb.jpg';
  const body = queryOf(
    setAction(3, ONEIL, 'SPS-PicturePlaceholderState', '0') +
      setAction(4, ONEIL, 'SPS-PictureTimestamp', '63900000000') +
      setAction(5, ONEIL, 'PictureURL', url),
  );
  const { status, json } = await call(...post(body));
  expect(status).toBe(200);
  expect(json).toEqual([expect.objectContaining({ ErrorInfo: null }), 2, { IsNull: false }]);
  expect(books.profiles.get(ONEIL)?.properties).toMatchObject({
    PictureURL: url,
    'SPS-PicturePlaceholderState': '0',
    'SPS-PictureTimestamp': '63900000000',
  });
  expect(changes()).toBe(3);
});

it.each([{ value: parameter('') }, { value: '<Parameter Type="Null"/>' }])(
  'clears a property by $value',
  async ({ value }) => {
    const { books, call } = createTestTenant();
    const properties = books.profiles.get(ADA)?.properties;
    if (properties) properties.PictureURL = 'x';
    await call(...post(queryOf(setAction(3, ADA, 'PictureURL', 'gone').replace(parameter('gone'), value))));
    expect(properties?.PictureURL).toBe('');
  },
);

it('keeps what was done before the error', async () => {
  const { books, call } = createTestTenant();
  const body = queryOf(
    setAction(3, ADA, 'SPS-PicturePlaceholderState', '0') + setAction(4, ADA, 'Nonsense', 'x'),
  );
  const { json } = await call(...post(body));
  expect(errorOf(json)).toMatchObject({
    ErrorTypeName: 'Microsoft.Office.Server.UserProfiles.PropertyNotFoundException',
  });
  expect(json).toHaveLength(1);
  expect(books.profiles.get(ADA)?.properties['SPS-PicturePlaceholderState']).toBe('0');
});

it.each([
  {
    when: 'there is no profile',
    body: queryOf(setAction(3, 'i:0#.f|membership|nobody@contoso.com', 'PictureURL', 'x')),
    error: {
      ErrorMessage: 'User Profile Error 1000: User Not Found: Could not load profile data from the database.',
      ErrorCode: -1,
      ErrorTypeName: 'Microsoft.Office.Server.UserProfiles.UserNotFoundException',
    },
  },
  {
    when: 'the role is missing',
    body: queryOf(setAction(3, ADA, 'PictureURL', 'x')),
    roles: ['User.Read.All'],
    error: { ErrorCode: -2147024891, ErrorTypeName: 'System.UnauthorizedAccessException' },
  },
  {
    when: 'the type is unknown',
    body: queryOf('', '{00000000-0fdb-4489-a216-b6b47adf8ef8}'),
    error: { ErrorMessage: expect.stringContaining('Stub for the type with id') as string },
  },
  {
    when: 'the method is unknown',
    body: queryOf(setAction(3, ADA, 'PictureURL', 'x').replace('SetSingle', 'Unset')),
    error: { ErrorMessage: expect.stringContaining('does not exist') as string },
  },
  {
    when: 'a parameter is missing',
    body: queryOf(setAction(3, ADA, 'PictureURL', 'x').replace(parameter('x'), '')),
    error: { ErrorMessage: expect.stringContaining('parameters') as string },
  },
  {
    when: 'the object path is missing',
    body: queryOf(setAction(3, ADA, 'PictureURL', 'x').replace('ObjectPathId="1"', 'ObjectPathId="9"')),
    error: { ErrorMessage: expect.stringContaining('object path') as string },
  },
  {
    when: 'the XML is broken',
    body: queryOf(setAction(3, ADA, 'PictureURL', 'x')).replace('</Method>', ''),
    error: { ErrorMessage: expect.stringContaining('not well-formed') as string },
  },
  {
    when: 'the namespace is another',
    body: queryOf('').replace('clientquery/2009', 'clientquery/2010'),
    error: { ErrorMessage: expect.stringContaining('client query') as string },
  },
  { when: 'the body is empty', body: '', error: { ErrorCode: -1 } },
  {
    when: 'the body brings a DTD',
    body: `<!DOCTYPE a [<!ENTITY x "y">]>${queryOf('')}`,
    error: { ErrorMessage: expect.stringContaining('DTD is prohibited') as string },
  },
])('answers 200 with an error when $when', async ({ body, error, roles }) => {
  const { books, call, changes } = createTestTenant();
  const before = structuredClone(books.profiles);
  const answer = await call(...post(body, roles ? { roles } : {}));
  expect(answer.status).toBe(200);
  expect(errorOf(answer.json)).toMatchObject({
    ErrorTypeName: 'Microsoft.SharePoint.Client.InvalidClientQueryException',
    ...error,
  });
  expect(books.profiles).toEqual(before);
  expect(changes()).toBe(0);
});

it('counts a PeopleManager call per property set', async () => {
  // A hundredth: 30 PeopleManager calls in 5 minutes, and 12 units a minute, enough for 6 requests.
  const { call } = createTestTenant({ limits: 0.01 });
  const actions = Array.from({ length: 10 }, (_, index) => setAction(index + 3, ADA, 'PictureURL', 'x'));
  const statuses: number[] = [];
  for (let n = 0; n < 4; n += 1) statuses.push((await call(...post(queryOf(actions.join(''))))).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
});

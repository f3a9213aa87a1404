import { ADA, ADA_ID, createTestTenant, GUEST, ONEIL, origins, quoted, type Call } from './tenant';

const MANAGER = '/_api/SP.UserProfiles.PeopleManager';
const propertiesFor = (accountName: string, more = '') =>
  `${MANAGER}/GetPropertiesFor(accountName=@v)?@v=${quoted(accountName)}${more}`;

const set = (body: unknown, call: Call = {}): [string, Call] => [
  `${MANAGER}/SetSingleValueProfileProperty`,
  { role: 'admin', method: 'POST', body: JSON.stringify(body), ...call },
];

interface Profile {
  UserProfileProperties: { Key: string; Value: string; ValueType: string }[];
}
const valueOf = (profile: unknown, key: string) =>
  (profile as Profile).UserProfileProperties.find((property) => property.Key === key)?.Value;

describe('GetPropertiesFor', () => {
  it('tells whose profile it is, where the personal site lies and which picture is shown', async () => {
    const { books, call } = createTestTenant();
    Object.assign(books.profiles.get(ADA)?.properties ?? {}, {
      PictureURL: 'https://contoso-my.sharepoint.com:443/User%20Photos/Profilbilder/ada_MThumb.jpg',
      'SPS-PictureTimestamp': '63775083296',
    });
    const { status, json } = await call(propertiesFor(ADA), { role: 'admin' });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      AccountName: ADA,
      PersonalSiteHostUrl: 'https://localhost:7083/',
      PictureUrl: 'https://localhost:7083/User%20Photos/Profilbilder/ada_MThumb.jpg?t=63775083296',
    });
    expect(valueOf(json, 'msOnline-ObjectId')).toBe(ADA_ID);
    expect(valueOf(json, 'SPS-PictureTimestamp')).toBe('63775083296');
    expect(valueOf(json, 'PictureURL')).toBe(
      'https://localhost:7083/User%20Photos/Profilbilder/ada_MThumb.jpg',
    );
  });

  it('tells the port of the My Site host under its real name too', async () => {
    const { call } = createTestTenant();
    const real = {
      ...origins,
      root: 'https://contoso.sharepoint.com',
      mysite: 'https://contoso-my.sharepoint.com',
    };
    const answer = await call(propertiesFor(ADA, '&$select=PersonalSiteHostUrl'), {
      role: 'root',
      origins: real,
    });
    expect(answer.json).toEqual({ PersonalSiteHostUrl: 'https://contoso-my.sharepoint.com:443/' });
  });

  it('leaves a personal site in another geo as it is, and lists no object id where there is none', async () => {
    const { books, call } = createTestTenant();
    const profile = books.profiles.get(ONEIL);
    if (profile) profile.personalSiteHostUrl = 'https://contosoapac-my.sharepoint.com:443/';
    const { json } = await call(propertiesFor(ONEIL));
    expect(json).toMatchObject({
      PersonalSiteHostUrl: 'https://contosoapac-my.sharepoint.com:443/',
      PictureUrl: null,
    });
    expect(valueOf(json, 'msOnline-ObjectId')).toBeUndefined();
  });

  it.each([
    { asked: ADA.toUpperCase(), finds: ADA, because: 'accounts are found in any case' },
    { asked: ONEIL, finds: ONEIL, because: 'the apostrophe is doubled' },
    { asked: GUEST, finds: GUEST, because: 'the # is encoded' },
  ])('finds $finds: $because', async ({ asked, finds }) => {
    const { call } = createTestTenant();
    expect((await call(propertiesFor(asked, '&$select=AccountName'))).json).toEqual({ AccountName: finds });
  });

  it.each([
    { accept: 'application/json;odata=nometadata', body: { 'odata.null': true } },
    { accept: 'application/json;odata=verbose', body: { d: { GetPropertiesFor: null } } },
    {
      accept: 'application/json',
      body: { 'odata.metadata': 'https://localhost:7083/_api/$metadata', 'odata.null': true },
    },
  ])('answers 200 with null when there is no profile ($accept)', async ({ accept, body }) => {
    const { call } = createTestTenant();
    const answer = await call(propertiesFor('i:0#.f|membership|nobody@contoso.com'), { headers: { accept } });
    expect(answer).toMatchObject({ status: 200, json: body });
  });

  it('answers in XML to whoever asks for no JSON', async () => {
    const { call } = createTestTenant();
    const answer = await call(propertiesFor(ADA), { headers: { accept: '*/*' } });
    expect(answer.headers?.['Content-Type']).toContain('application/atom+xml');
  });

  it.each([
    { query: `@v='i:0%23.f|membership|o'neil@contoso.com'`, because: 'an apostrophe is not doubled' },
    { query: `@v=${encodeURIComponent(ADA)}`, because: 'there are no apostrophes' },
    {
      query: `@v='i:0#.f|membership|ada@contoso.com'`,
      because: 'the # is not encoded and cuts the rest off',
    },
    { query: '', because: 'the alias is missing' },
  ])('refuses the account name when $because', async ({ query }) => {
    const { call } = createTestTenant();
    const answer = await call(`${MANAGER}/GetPropertiesFor(accountName=@v)?${query}`);
    expect(answer).toMatchObject({
      status: 400,
      json: {
        'odata.error': {
          code: '-1, Microsoft.SharePoint.Client.InvalidClientQueryException',
          message: { lang: 'en-US', value: 'The query string "accountName" is missing or invalid.' },
        },
      },
    });
  });

  it.each([
    {
      path: propertiesFor(ADA, '&$select=Nonsense'),
      says: "The field or property 'Nonsense' does not exist.",
    },
    { path: propertiesFor(ADA, '&$expand=Peers'), says: 'query option $expand' },
    { path: `${MANAGER}/GetPropertiesFor(accountName='a'b')?x=y`, says: 'is not valid' },
  ])('refuses $path', async ({ path, says }) => {
    const { call } = createTestTenant();
    const answer = await call(path);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(says);
  });

  it('leads on to a single property', async () => {
    const { call } = createTestTenant();
    const path = `${MANAGER}/GetPropertiesFor(accountName=@v)/personalsitehosturl?%40v=${quoted(ADA)}`;
    expect((await call(path)).json).toEqual({ value: 'https://localhost:7083/' });
  });

  it.each([
    { name: 'SPS-PictureExchangeSyncState', value: '1' },
    { name: 'Nonsense', value: '' },
  ])('answers GetUserProfilePropertyFor $name', async ({ name, value }) => {
    const { call } = createTestTenant();
    const path = `${MANAGER}/GetUserProfilePropertyFor(accountname=@v,propertyname='${name}')?@v=${quoted(ADA)}`;
    expect((await call(path)).json).toEqual({ value });
  });
});

describe('SetSingleValueProfileProperty', () => {
  it('sets a property and says nothing', async () => {
    const { books, call, changes } = createTestTenant();
    const value = 'https://contoso-my.sharepoint.com/User%20Photos/Profilbilder/a,b_MThumb.jpg';
    const answer = await call(...set({ accountName: ADA, propertyName: 'PictureURL', propertyValue: value }));
    expect(answer).toMatchObject({ status: 200, json: { 'odata.null': true } });
    expect(books.profiles.get(ADA)?.properties.PictureURL).toBe(value);
    expect(changes()).toBe(1);
  });

  it('joins several values with |', async () => {
    const { books, call } = createTestTenant();
    await call(`${MANAGER}/SetMultiValuedProfileProperty`, {
      role: 'root',
      method: 'POST',
      body: JSON.stringify({ accountName: ADA, propertyName: 'SPS-Skills', propertyValues: ['a', 'b'] }),
    });
    expect(books.profiles.get(ADA)?.properties['SPS-Skills']).toBe('a|b');
  });

  const good = { accountName: ADA, propertyName: 'PictureURL', propertyValue: 'x' };
  it.each([
    {
      when: 'there is no profile',
      body: { ...good, accountName: 'i:0#.f|membership|nobody@contoso.com' },
      status: 500,
      says: 'User Profile Error 1000: User Not Found',
    },
    {
      when: 'the account name is no claim',
      body: { ...good, accountName: 'ada@contoso.com' },
      status: 500,
      says: 'User Profile Error 1000',
    },
    {
      when: 'the value is a number',
      body: { ...good, propertyValue: 0 },
      status: 400,
      says: "Cannot convert a primitive value to the expected type 'Edm.String'",
    },
    {
      when: 'the value is missing',
      body: { accountName: ADA, propertyName: 'PictureURL' },
      status: 400,
      says: 'propertyValue',
    },
    {
      when: 'the name is written otherwise',
      body: { ...good, propertyName: 'PictureUrl' },
      status: 500,
      says: 'PropertyNotFoundException',
    },
    {
      when: 'the property is imported',
      body: { ...good, propertyName: 'msOnline-ObjectId' },
      status: 500,
      says: 'PropertyNotEditableException',
    },
    { when: 'the body is no object', body: 'x', status: 400, says: 'InvalidClientQueryException' },
  ])('refuses with $status when $when', async ({ body, status, says }) => {
    const { call, changes } = createTestTenant();
    const answer = await call(...set(body));
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(says);
    expect(changes()).toBe(0);
  });

  it('refuses what is no JSON', async () => {
    const { call } = createTestTenant();
    const answer = await call(...set({}, { body: '{"accountName":' }));
    expect(answer.status).toBe(400);
  });
});

describe('roles for profiles', () => {
  it.each([
    { roles: ['User.ReadWrite.All'], role: 'admin' as const, read: 200, write: 200 },
    { roles: ['User.ReadWrite.All'], role: 'root' as const, read: 200, write: 200 },
    { roles: ['User.ReadWrite.All'], role: 'mysite' as const, read: 200, write: 403 },
    { roles: ['User.Read.All'], role: 'admin' as const, read: 200, write: 403 },
    { roles: ['Sites.FullControl.All'], role: 'admin' as const, read: 403, write: 403 },
    { roles: [], role: 'admin' as const, read: 403, write: 403 },
  ])('$roles on $role: read $read, write $write', async ({ roles, role, read, write }) => {
    const { call } = createTestTenant();
    expect(await call(propertiesFor(ADA), { role, roles })).toMatchObject({ status: read });
    const body = { accountName: ADA, propertyName: 'PictureURL', propertyValue: 'x' };
    const answer = await call(...set(body, { role, roles }));
    expect(answer.status).toBe(write);
    if (write === 403) {
      expect(answer.text).toContain('-2147024891, System.UnauthorizedAccessException');
      expect(answer.text).toContain('Access denied. You do not have permission');
    }
  });
});

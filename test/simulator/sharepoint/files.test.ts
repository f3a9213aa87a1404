import { createTestTenant, FOLDER, quoted, type Call, type TestTenant } from './tenant';

const folder = (path: string) => `/_api/web/GetFolderByServerRelativePath(DecodedUrl=${quoted(path)})`;
const file = (path: string) => `/_api/web/GetFileByServerRelativePath(DecodedUrl=${quoted(path)})`;
const jpeg = (text: string): Call => ({
  method: 'POST',
  headers: { 'content-type': 'image/jpeg' },
  body: text,
});
const upload = (name: string, { overwrite = true, to = FOLDER } = {}) =>
  `${folder(to)}/Files/AddUsingPath(DecodedUrl=${quoted(name)},Overwrite=${overwrite})`;

const namesIn = async ({ call }: TestTenant, path: string) => {
  const { json } = await call(`${folder(path)}/Folders?$select=Name`);
  return (json as { value: { Name: string }[] }).value.map(({ Name }) => Name).sort();
};

describe('folders', () => {
  it('lists the form pages and the one folder with a localised name', async () => {
    const tenant = createTestTenant();
    expect(await namesIn(tenant, '/User Photos')).toEqual(['Forms', 'Profilbilder']);
    await tenant.call(upload('x.jpg'), jpeg('x'));
    expect(await namesIn(tenant, '/User Photos')).toEqual(['Forms', 'Profilbilder']);
  });

  it.each(['/User Photos/Profile Pictures', '/Documents'])('has no %s', async (path) => {
    const { call, books } = createTestTenant();
    const notFound = {
      status: 404,
      json: {
        'odata.error': {
          code: '-2147024894, System.IO.FileNotFoundException',
          message: { lang: 'en-US', value: 'File Not Found.' },
        },
      },
    };
    expect(await call(folder(path))).toMatchObject(notFound);
    expect(await call(`${folder(path)}/Folders`)).toMatchObject(notFound);
    expect(await call(upload('x.jpg', { to: path }), jpeg('x'))).toMatchObject(notFound);
    expect(books.files.size).toBe(0);
  });

  it('is found in any case, without a slash in front, and by the older call', async () => {
    const { call } = createTestTenant();
    for (const path of [
      folder('/user photos/PROFILBILDER'),
      folder('User Photos/Profilbilder/'),
      `/_api/web/GetFolderByServerRelativeUrl('/User%20Photos/Profilbilder')`,
      `/_api/web/getfolderbyserverrelativeurl(serverRelativeUrl=@f)?@f='/User%20Photos/Profilbilder'`,
    ]) {
      expect(await call(path)).toMatchObject({ status: 200, json: { Exists: true } });
    }
  });

  it('makes a folder when asked to, as CLI for Microsoft 365 does', async () => {
    const tenant = createTestTenant();
    const path = `/_api/web/GetFolderByServerRelativePath(DecodedUrl=@a1)/AddSubFolderUsingPath(DecodedUrl=@a2)?@a1=%27${encodeURIComponent('/User Photos')}%27&@a2=%27Profile%20Pictures%27`;
    const answer = await tenant.call(path, { method: 'POST' });
    expect(answer).toMatchObject({
      status: 200,
      json: { ServerRelativeUrl: '/User Photos/Profile Pictures' },
    });
    expect(await namesIn(tenant, '/User Photos')).toEqual(['Forms', 'Profilbilder', 'Profile Pictures']);
  });
});

describe('uploads', () => {
  it.each([
    { name: 'm365-1_MThumb.jpg', because: 'a plain name' },
    { name: "o'neil_MThumb.jpg", because: 'the apostrophe is doubled' },
    { name: '50% off#EXT#.jpg', because: 'DecodedUrl takes any character' },
  ])('keeps $name ($because) and gives the same bytes back', async ({ name }) => {
    const { books, call, changes } = createTestTenant();
    const answer = await call(upload(name), jpeg('picture'));
    const path = `${FOLDER}/${name}`;
    expect(answer).toMatchObject({
      status: 200,
      json: { Name: name, ServerRelativeUrl: path, Length: '7', Exists: true },
    });
    expect(books.files.get(path)).toMatchObject({
      writtenBy: 'app',
      length: 7,
      modifiedAt: '2026-11-24T10:00:00.000Z',
    });
    expect(changes()).toBe(1);
    expect((await call(`${file(path)}/$value`)).text).toBe('picture');
    expect((await call(path.split('/').map(encodeURIComponent).join('/'))).text).toBe('picture');
    expect((await call(`${file(path)}?$select=Exists`)).json).toEqual({ Exists: true });
  });

  it('takes the form CLI for Microsoft 365 sends', async () => {
    const { books, call } = createTestTenant();
    const answer = await call(`${folder(FOLDER)}/Files/Add(url='x_LThumb.jpg', overwrite=true)`, jpeg('x'));
    expect(answer.status).toBe(200);
    expect([...books.files.keys()]).toEqual([`${FOLDER}/x_LThumb.jpg`]);
  });

  it('replaces a file only when asked to, whatever the case of its name', async () => {
    const { books, call } = createTestTenant();
    await call(upload('x.jpg'), jpeg('one'));
    const refused = await call(upload('X.JPG', { overwrite: false }), jpeg('two'));
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('-2130575257, Microsoft.SharePoint.SPException');
    expect(refused.text).toContain('already exists');
    await call(upload('X.JPG'), jpeg('three'));
    expect([...books.files.keys()]).toEqual([`${FOLDER}/x.jpg`]);
    expect((await call(`${file(`${FOLDER}/x.jpg`)}/$value`)).text).toBe('three');
  });

  it('keeps the folder’s own case', async () => {
    const { books, call } = createTestTenant();
    await call(upload('x.jpg', { to: '/user photos/PROFILBILDER' }), jpeg('x'));
    expect([...books.files.keys()]).toEqual([`${FOLDER}/x.jpg`]);
  });

  it.each([
    { path: `${folder(FOLDER)}/Files/Add(url='a%23b.jpg',overwrite=true)`, because: '# in a url form' },
    { path: upload('a:b.jpg'), because: 'a character no name may have' },
    { path: upload('a/b.jpg'), because: 'a path instead of a name' },
    { path: upload(''), because: 'no name' },
    { path: `${folder(FOLDER)}/Files/AddUsingPath(DecodedUrl='o'neil.jpg')`, because: 'wrong quoting' },
    { path: `${folder(FOLDER)}/Files/AddUsingPath(Overwrite=true)`, because: 'no argument' },
  ])('refuses $path: $because', async ({ path }) => {
    const { books, call } = createTestTenant();
    expect((await call(path, jpeg('x'))).status).toBe(400);
    expect(books.files.size).toBe(0);
  });
});

describe('files', () => {
  it.each([
    { how: 'recycle', path: '/recycle()', call: { method: 'POST' } },
    { how: 'X-HTTP-Method', path: '', call: { method: 'POST', headers: { 'x-http-method': 'DELETE' } } },
    { how: 'DELETE', path: '', call: { method: 'DELETE' } },
  ])('go by $how', async ({ path, call: how }) => {
    const { books, call } = createTestTenant();
    await call(upload('x.jpg'), jpeg('x'));
    expect((await call(`${file(`${FOLDER}/x.jpg`)}${path}`, how)).status).toBe(200);
    expect(books.files.size).toBe(0);
    expect((await call(`${file(`${FOLDER}/x.jpg`)}${path}`, how)).status).toBe(404);
  });

  it.each([{ status: 403 as const }, { status: 409 as const }, { status: 423 as const }])(
    'stay, with $status, where something holds them',
    async ({ status }) => {
      const { books, call, retention } = createTestTenant();
      await call(upload('x.jpg'), jpeg('x'));
      await call(upload('y.jpg'), jpeg('y'));
      retention.set([{ path: `${FOLDER}/x.jpg`, status }]);
      expect((await call(`${file(`${FOLDER}/x.jpg`)}/recycle`, { method: 'POST' })).status).toBe(status);
      expect((await call(`${file(`${FOLDER}/y.jpg`)}/recycle`, { method: 'POST' })).status).toBe(200);
      retention.set([{ status }]);
      expect((await call(file(`${FOLDER}/x.jpg`), { method: 'DELETE' })).status).toBe(status);
      expect([...books.files.keys()]).toEqual([`${FOLDER}/x.jpg`]);
      retention.set([]);
      expect((await call(file(`${FOLDER}/x.jpg`), { method: 'DELETE' })).status).toBe(200);
    },
  );

  it('are 404 when missing, by every call', async () => {
    const { call } = createTestTenant();
    const path = `${FOLDER}/none.jpg`;
    for (const asked of [file(path), `${file(path)}/$value`, `${folder(FOLDER)}/Files('none.jpg')`]) {
      const answer = await call(asked);
      expect(answer.status).toBe(404);
      expect(answer.text).toContain(`The file ${path} does not exist.`);
    }
    expect((await call('/User%20Photos/none.jpg')).status).toBe(404);
  });

  it('are on the My Site host only', async () => {
    const { call } = createTestTenant();
    await call(upload('x.jpg'), jpeg('x'));
    expect((await call(`${file(`${FOLDER}/x.jpg`)}/$value`, { role: 'root' })).status).toBe(404);
  });
});

describe('roles for files', () => {
  it.each([
    { roles: ['Sites.Selected'], role: 'mysite' as const, read: 200, write: 200 },
    { roles: ['Sites.FullControl.All'], role: 'mysite' as const, read: 200, write: 200 },
    { roles: ['Sites.Read.All'], role: 'mysite' as const, read: 200, write: 403 },
    { roles: ['User.ReadWrite.All'], role: 'mysite' as const, read: 403, write: 403 },
    { roles: ['Sites.Selected'], role: 'root' as const, read: 403, write: 403 },
  ])('$roles on $role: read $read, write $write', async ({ roles, role, read, write }) => {
    const { call } = createTestTenant();
    expect((await call('/_api/web?$select=Url', { role, roles })).status).toBe(read);
    expect((await call(upload('x.jpg'), { ...jpeg('x'), role, roles })).status).toBe(write);
  });

  it.each([
    { permission: 'none', roles: undefined, read: 403, write: 403 },
    { permission: 'read', roles: ['read' as const], read: 200, write: 403 },
    { permission: 'fullcontrol', roles: ['fullcontrol' as const], read: 200, write: 200 },
  ])(
    'Sites.Selected opens what the permission on the site says: $permission',
    async ({ roles, read, write }) => {
      const { call, books } = createTestTenant();
      books.permissions = roles ? [{ ...books.permissions[0]!, roles }] : [];
      const selected = { role: 'mysite' as const, roles: ['Sites.Selected'] };
      expect((await call('/_api/web?$select=Url', selected)).status).toBe(read);
      expect((await call(upload('x.jpg'), { ...jpeg('x'), ...selected })).status).toBe(write);
    },
  );
});

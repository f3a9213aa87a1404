import { ADA, createTestTenant, quoted, type Call } from './tenant';

const profile = `/_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)?@v=${quoted(ADA)}`;
const folderOf = (name: string) =>
  `/_api/web/GetFolderByServerRelativePath(DecodedUrl='/User Photos/${name}')/Files/AddUsingPath(DecodedUrl='x.jpg',Overwrite=true)`;

/** Ada lives in the further geo. */
function tenantWithGeo() {
  const tenant = createTestTenant({ geo: true });
  tenant.books.profiles.get(ADA)!.personalSiteHostUrl = 'https://contosoapac-my.sharepoint.com:443/';
  const set = (call: Call) =>
    tenant.call('/_api/SP.UserProfiles.PeopleManager/SetSingleValueProfileProperty', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ accountName: ADA, propertyName: 'PictureURL', propertyValue: 'x' }),
      ...call,
    });
  return { tenant, set };
}

it.each(['admin', 'root', 'geo-admin'] as const)('A profile of any geo is read on %s', async (role) => {
  const { tenant } = tenantWithGeo();
  const answer = await tenant.call(profile, { role });
  expect(answer.json).toMatchObject({ PersonalSiteHostUrl: 'https://localhost:7086/' });
});

it.each([
  { role: 'geo-admin' as const, status: 200 },
  { role: 'admin' as const, status: 403 },
  { role: 'root' as const, status: 403 },
  { role: 'geo-mysite' as const, status: 403 },
])('It is set on its own geo’s admin site alone: $role answers $status', async ({ role, status }) => {
  expect((await tenantWithGeo().set({ role })).status).toBe(status);
});

it('Each My Site host has its own folder and files', async () => {
  const { tenant } = tenantWithGeo();
  const put = (role: 'mysite' | 'geo-mysite', name: string) =>
    tenant.call(folderOf(name), { role, method: 'POST', body: 'bytes', roles: ['Sites.Selected'] });
  expect((await put('geo-mysite', 'Profilbilder')).status).toBe(404);
  expect((await put('mysite', 'Photos de profil')).status).toBe(404);
  expect((await put('geo-mysite', 'Photos de profil')).status).toBe(200);
  expect([...tenant.books.files.keys()]).toEqual([]);
  expect([...tenant.books.geo!.files.keys()]).toEqual(['/User Photos/Photos de profil/x.jpg']);
});

import { ADA, createTestTenant, FOLDER, quoted } from './tenant';

async function tenantWithPicture() {
  const tenant = createTestTenant();
  for (const letter of ['S', 'M', 'L']) {
    const path = `/_api/web/GetFolderByServerRelativePath(DecodedUrl=${quoted(FOLDER)})/Files/AddUsingPath(DecodedUrl='ada_${letter}Thumb.jpg',Overwrite=true)`;
    await tenant.call(path, { method: 'POST', body: `picture ${letter}` });
  }
  const properties = tenant.books.profiles.get(ADA)?.properties ?? {};
  Object.assign(properties, {
    PictureURL: 'https://contoso-my.sharepoint.com:443/User%20Photos/Profilbilder/ada_MThumb.jpg',
    'SPS-PicturePlaceholderState': '0',
  });
  return { ...tenant, properties };
}

const page = (query: string) => `/_layouts/15/userphoto.aspx?${query}`;
const SHOWN = 'size=M&accountname=ada@contoso.com';

it.each([
  { query: 'size=S&accountname=ada@contoso.com', shows: 'picture S' },
  { query: `size=M&accountname=${encodeURIComponent(ADA)}`, shows: 'picture M' },
  { query: 'size=l&username=ADA@contoso.com', shows: 'picture L' },
  { query: 'accountname=ada@contoso.com', shows: 'picture S' },
])('shows $shows for $query', async ({ query, shows }) => {
  const { call } = await tenantWithPicture();
  expect((await call(page(query), { role: 'root' })).text).toBe(shows);
});

it.each([
  { when: 'the placeholder is asked for', change: { 'SPS-PicturePlaceholderState': '1' } },
  { when: 'there is no picture', change: { PictureURL: '' } },
  {
    when: 'the file is missing',
    change: { PictureURL: 'https://contoso-my.sharepoint.com/none_MThumb.jpg' },
  },
  { when: 'the address is none', change: { PictureURL: 'none' } },
])('shows a placeholder when $when', async ({ change }) => {
  const { call, properties } = await tenantWithPicture();
  Object.assign(properties, change);
  const answer = await call(page(SHOWN));
  expect(answer).toMatchObject({ status: 200, headers: { 'Content-Type': 'image/svg+xml' } });
  expect((await call(page(`${SHOWN}&default=none`))).status).toBe(404);
});

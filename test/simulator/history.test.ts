import { peopleOf, runSimulator, send, type Row, type RunningSimulator } from './running-simulator';

interface Entry {
  n: number;
  kind: string;
  [field: string]: unknown;
}

const sharePointRoles = ['User.ReadWrite.All', 'Sites.Selected'];
const folder = `/_api/web/GetFolderByServerRelativePath(DecodedUrl='/User%20Photos/Profilbilder')`;

let simulator: RunningSimulator;
let person: Row;
let last = 0;

beforeAll(async () => {
  simulator = await runSimulator({ SIM_PEOPLE: '3' });
  person = (await peopleOf(simulator)).get('ordinary')!;
});
afterAll(() => simulator.end());

/** What was added to the history since this was asked last. */
async function news(): Promise<Entry[]> {
  const entries = (await simulator.control('GET', `history?since=${String(last)}`)).json<Entry[]>();
  last = entries.at(-1)?.n ?? last;
  return entries;
}

function toSharePoint(host: 'mySiteUrl' | 'adminUrl', method: string, path: string, body?: Buffer | string) {
  const authorization = `Bearer ${simulator.tokenFor(simulator[host], sharePointRoles)}`;
  const headers = { authorization, accept: 'application/json', 'content-type': 'application/json' };
  return send(
    `${simulator[host]}${path}`,
    { method, headers, ...(body !== undefined && { body }) },
    simulator.ca,
  );
}

const save = async (name: string, bytes: Buffer) => {
  const path = `${folder}/Files/AddUsingPath(DecodedUrl='${name}',Overwrite=true)`;
  expect((await toSharePoint('mySiteUrl', 'POST', path, bytes)).status).toBe(200);
};
const rendition = async () => (await simulator.graph(`/users/${person.id}/photos/48x48/$value`)).body;

it('tells of which photo of its person a file is, also of one that has changed since', async () => {
  const [name, before, etag] = [`m365-${person.id}_SThumb.jpg`, await rendition(), person.source?.etag];
  const changed = await simulator.control('PUT', `users/${person.id}/photo?drawing=new`);
  const present = changed.json<{ etag: string }>().etag;
  await save(name, before);
  await save(name, await rendition());
  await save(name, Buffer.from('not a picture of anybody'));
  expect(await news()).toMatchObject([
    { kind: 'photo', personId: person.id, etag: present },
    { kind: 'file', personId: person.id, etag, over: null },
    { kind: 'file', personId: person.id, etag: present, over: 'app' },
    { kind: 'file', personId: person.id, etag: null, over: 'app' },
  ]);
});

it('tells whose file was written over, and which was removed', async () => {
  const native = Object.keys(person.sharePoint?.files ?? {});
  expect(native).toContain('M');
  const url = new URL(person.sharePoint!.pictureUrl);
  const path = decodeURIComponent(url.pathname);
  await save(path.split('/').at(-1)!, Buffer.from('written over'));
  const removal = `${folder}/Files('m365-${person.id}_SThumb.jpg')/recycle`;
  expect((await toSharePoint('mySiteUrl', 'POST', removal)).status).toBe(200);
  expect(await news()).toMatchObject([
    { kind: 'file', path, personId: '', over: 'sharepoint' },
    { kind: 'file-removed', path: expect.stringContaining(person.id), writtenBy: 'app' },
  ]);
});

it('tells of the address of a picture, what it was before and whose profile it is', async () => {
  const accountName = `i:0#.f|membership|${person.userPrincipalName}`;
  for (const [propertyName, propertyValue] of [
    ['SPS-PicturePlaceholderState', '0'],
    ['PictureURL', ''],
  ]) {
    const path = '/_api/SP.UserProfiles.PeopleManager/SetSingleValueProfileProperty';
    const body = JSON.stringify({ accountName, propertyName, propertyValue });
    expect((await toSharePoint('adminUrl', 'POST', path, body)).status).toBe(200);
  }
  expect(await news()).toMatchObject([
    {
      kind: 'property',
      objectId: person.id,
      name: 'PictureURL',
      value: '',
      before: expect.stringContaining('Photos'),
    },
  ]);
});

it('tells who is gone', async () => {
  await simulator.control('DELETE', `users/${person.id}`);
  expect(await news()).toMatchObject([{ kind: 'person-removed', personId: person.id }]);
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServiceFailure } from '../../src/errors';
import { createPictureFiles } from '../../src/tenant/picture-files';
import { createSharePointClient } from '../../src/tenant/sharepoint-client';

let server: Server;
let site: string;
let answer: { status: number; body?: string | Buffer };
const lines: string[] = [];
const checked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    lines.push(`${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`);
    response.writeHead(answer.status);
    response.end(answer.body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  lines.length = 0;
  checked.length = 0;
});

const client = createSharePointClient({ tokenFor: () => Promise.resolve('token') }, { timeoutMs: 5000 });
const files = createPictureFiles(client);
const before = () => {
  checked.push('before');
  return Promise.resolve();
};

describe('A picture file is read', () => {
  const path = '/User Photos/Profilbilder/x.jpg';
  const line = `GET /_api/web/GetFileByServerRelativePath(DecodedUrl='${path}')/$value`;

  it.each([
    { when: 'there', given: { status: 200, body: 'bytes' }, then: Buffer.from('bytes') },
    { when: 'missing', given: { status: 404 }, then: undefined },
    {
      when: 'larger than any of ours',
      given: { status: 200, body: Buffer.alloc(8 * 1024 * 1024 + 1) },
      then: 'too-large',
    },
  ])('where it is $when, by name and by path', async ({ given, then }) => {
    answer = given;
    expect(await files.readPicture(site, 'Profilbilder', 'x.jpg', before)).toEqual(then);
    expect(await files.readPictureAt(site, path, before)).toEqual(then);
    expect(lines).toEqual([line, line]);
    expect(checked).toHaveLength(2);
  });

  it.each([401, 403, 429, 503])('later, where SharePoint answers %i', async (status) => {
    answer = { status };
    await expect(files.readPicture(site, 'Profilbilder', 'x.jpg')).rejects.toThrow(ServiceFailure);
  });
});

describe('A picture file is recycled', () => {
  it.each([
    { status: 200, then: 'recycled' },
    { status: 404, then: 'missing' },
    { status: 403, then: 'retained' },
    { status: 409, then: 'retained' },
    { status: 423, then: 'retained' },
  ])('$status: $then', async ({ status, then }) => {
    answer = { status };
    expect(await files.recyclePicture(site, 'Profilbilder', "o'neil.jpg", before)).toBe(then);
    expect(lines).toEqual([
      "POST /_api/web/GetFileByServerRelativePath(DecodedUrl='/User Photos/Profilbilder/o''neil.jpg')/recycle()",
    ]);
    expect(checked).toHaveLength(1);
  });

  it.each([401, 429, 503])('later, where SharePoint answers %i', async (status) => {
    answer = { status };
    await expect(files.recyclePicture(site, 'Profilbilder', 'x.jpg')).rejects.toThrow(ServiceFailure);
  });
});

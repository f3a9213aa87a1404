import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { samplePicture } from '../support/sample-pictures';
import { peopleOf, runSimulator, type Row, type RunningSimulator } from './running-simulator';

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('photos', () => {
  let simulator: RunningSimulator;
  let people: Map<string, Row>;

  const personOf = (kind: string) => {
    const person = people.get(kind);
    if (person === undefined) throw new Error(`Nobody is ${kind}`);
    return person;
  };
  const photo = (id: string, path = 'photo/$value') => simulator.graph(`/users/${id}/${path}`);
  const etagOf = async (id: string) =>
    (await photo(id, 'photo')).json<Record<string, string>>()['@odata.mediaEtag'];

  beforeAll(async () => {
    simulator = await runSimulator();
    people = await peopleOf(simulator);
  });
  afterAll(() => simulator.end());

  it.each([48, 64, 96, 120, 240, 360, 432, 504, 648])('come as a square JPEG of %i', async (side) => {
    const answer = await photo(personOf('ordinary').id, `photos/${String(side)}x${String(side)}/$value`);
    expect(answer.headers['content-type']).toBe('image/jpeg');
    expect(await sharp(answer.body).metadata()).toMatchObject({ format: 'jpeg', width: side, height: side });
  });

  it('are unlike each other, picture by picture and byte by byte', async () => {
    const ids = [...people.values()].filter(({ source }) => source !== null).map(({ id }) => id);
    const pictures = await Promise.all(ids.map(async (id) => (await photo(id)).body));
    const pixels = await Promise.all(pictures.map((bytes) => sharp(bytes).resize(32, 32).raw().toBuffer()));
    expect(new Set(pictures.map(hash)).size).toBe(ids.length);
    expect(new Set(pixels.map(hash)).size).toBe(ids.length);
  });

  it('have no rendition above their own size', async () => {
    const { id } = personOf('dotted');
    await simulator.control(
      'PUT',
      `users/${id}/photo`,
      await sharp({ create: { width: 500, height: 400, channels: 3, background: 'teal' } })
        .png()
        .toBuffer(),
    );
    expect((await photo(id, 'photo')).json()).toMatchObject({
      width: 360,
      height: 360,
      '@odata.mediaContentType': 'image/png',
    });
    expect((await photo(id, 'photos/432x432/$value')).status).toBe(404);
    expect(await sharp((await photo(id, 'photos/96x96/$value')).body).metadata()).toMatchObject({
      format: 'png',
      width: 96,
    });
  });

  it('keep odd dimensions in the directory, and then come in no standard size', async () => {
    const { id } = personOf('no-mailbox');
    const { width, height } = (await photo(id, 'photo')).json<{ width: number; height: number }>();
    expect(width).not.toBe(height);
    expect(await sharp((await photo(id)).body).metadata()).toMatchObject({ width, height });
    expect((await photo(id, 'photos/48x48/$value')).status).toBe(404);
  });

  it('get another etag at each change, and no bytes of the former one', async () => {
    const { id } = personOf('underscored');
    const before = [await etagOf(id), hash((await photo(id)).body)];
    await simulator.control('PUT', `users/${id}/photo?drawing=face-3`);
    const between = [await etagOf(id), hash((await photo(id)).body)];
    await simulator.control('PUT', `users/${id}/photo?drawing=face-6`);
    const after = [await etagOf(id), hash((await photo(id)).body)];
    expect(new Set([...before, ...between, ...after]).size).toBe(6);
  });

  it('are served as they are when they are raw', async () => {
    const { id } = personOf('percent');
    const html = Buffer.from('<html>not a picture</html>');
    await simulator.control('PUT', `users/${id}/photo?raw=true&contentType=text/html`, html);
    const answer = await photo(id, 'photos/360x360/$value');
    expect(answer.body.equals(html)).toBe(true);
    expect(answer.headers['content-type']).toBe('text/html');
    const forPage = await simulator.control('GET', `users/${id}/photo`);
    expect(forPage.headers['content-type']).toBe('application/octet-stream');
  });

  it.each([
    { when: 'they are no picture', bytes: () => Promise.resolve(Buffer.from('nothing')) },
    {
      when: 'the picture is cut off',
      bytes: async () => (await samplePicture(400).jpeg().toBuffer()).subarray(0, -500),
    },
  ])('are refused as an upload when $when', async ({ bytes }) => {
    const answer = await simulator.control('PUT', `users/${personOf('ordinary').id}/photo`, await bytes());
    expect(answer.status).toBe(415);
    expect((await simulator.control('GET', 'users')).status).toBe(200);
  });

  it('may be missing, said in one of four ways', async () => {
    const added = (await simulator.control('POST', 'users', { count: 4, kind: 'no-photo' })).json<Row[]>();
    const told = await Promise.all(
      added.map(async ({ id }) => {
        const answer = await photo(id, 'photo');
        return answer.status === 200
          ? answer.json()['@odata.mediaEtag']
          : answer.json<{ error: { code: string } }>().error.code;
      }),
    );
    expect(told.sort()).toEqual(['', 'ErrorEntityNotFound', 'ErrorItemNotFound', 'ImageNotFound']);
  });
});

import { peopleOf, runSimulator, type Row, type RunningSimulator } from './running-simulator';

const FOLDER = '/User Photos/Profilbilder';
const DAY_SECONDS = 86_400;

describe('A visit to SharePoint', () => {
  let simulator: RunningSimulator;
  let people: Map<string, Row>;

  beforeAll(async () => {
    simulator = await runSimulator();
    people = await peopleOf(simulator);
  });
  afterAll(() => simulator.end());

  const idOf = (kind: string) => people.get(kind)?.id ?? '';
  const row = async (id: string) => (await simulator.control('GET', `users/${id}`)).json<Row>();
  const visit = async (id: string, query = '') =>
    (await simulator.control('POST', `users/${id}/visit${query}`)).json<{ visit: string }>().visit;
  const changePhoto = (id: string) => simulator.control('PUT', `users/${id}/photo?drawing=other`);

  it("replaces the picture by SharePoint's own thumbnails of the present photo, at another address", async () => {
    const id = idOf('apostrophe');
    const before = await row(id);
    await changePhoto(id);
    expect((await row(id)).inSync).toBe(false);
    expect(await visit(id)).toBe('pulled');
    const after = await row(id);
    expect(after.inSync).toBe(true);
    expect(after.sharePoint?.pictureUrl).toMatch(
      new RegExp(`:443/User%20Photos/Profilbilder/${id}_MThumb.jpg$`),
    );
    expect(after.sharePoint?.pictureUrl).not.toBe(before.sharePoint?.pictureUrl);
  });

  it('pulls the photo once a day', async () => {
    const id = idOf('ordinary');
    expect(await visit(id)).toBe('pulled');
    await changePhoto(id);
    expect(await visit(id)).toBe('pulled-today');
    expect((await row(id)).inSync).toBe(false);
    expect(await visit(id, '?force=true')).toBe('pulled');
    expect((await row(id)).inSync).toBe(true);

    await changePhoto(id);
    await simulator.control('POST', 'clock', { advanceSeconds: DAY_SECONDS });
    expect(await visit(id)).toBe('pulled');
    expect((await row(id)).inSync).toBe(true);
  });

  it.each([
    { kind: 'no-mailbox', then: 'no-mailbox' },
    { kind: 'no-photo', then: 'no-photo' },
    { kind: 'no-profile', then: 'no-profile' },
  ])('changes nothing for somebody of the kind $kind', async ({ kind, then }) => {
    const before = await row(idOf(kind));
    expect(await visit(idOf(kind), '?force=true')).toBe(then);
    expect(await row(idOf(kind))).toEqual(before);
  });

  it('lets a file be put and taken away past the app', async () => {
    const path = `${FOLDER}/m365-${idOf('ordinary')}_MThumb.jpg`;
    const query = new URLSearchParams({ path, writtenBy: 'app' }).toString();
    expect((await simulator.control('PUT', `files?${query}`, Buffer.from('bytes'))).status).toBe(200);
    const written = (await simulator.control('GET', 'files')).json<{ path: string; writtenBy: string }[]>();
    expect(written).toContainEqual(expect.objectContaining({ path, writtenBy: 'app' }));
    await simulator.control('DELETE', `files?${query}`);
    const left = (await simulator.control('GET', 'files')).json<{ path: string }[]>();
    expect(left.map((file) => file.path)).not.toContain(path);
    expect((await simulator.control('PUT', 'files?path=/etc/passwd', Buffer.from('x'))).status).toBe(400);
    expect(
      (await simulator.control('PUT', `files?path=${encodeURIComponent(path)}&writtenBy=me`)).status,
    ).toBe(400);
  });
});

import { peopleOf, runSimulator, send, type Row, type RunningSimulator } from './running-simulator';

const FOLDER = '/User Photos/Profilbilder';

describe('whether SharePoint shows the present photo', () => {
  let simulator: RunningSimulator;
  let people: Map<string, Row>;

  beforeAll(async () => {
    simulator = await runSimulator();
    people = await peopleOf(simulator);
  });
  afterAll(() => simulator.end());

  const idOf = (kind: string) => people.get(kind)?.id ?? '';
  const row = async (id: string) => (await simulator.control('GET', `users/${id}`)).json<Row>();
  const upload = async (name: string, body: Buffer) => {
    const authorization = `Bearer ${simulator.tokenFor(simulator.mySiteUrl, ['Sites.Selected'])}`;
    const folder = encodeURIComponent(FOLDER);
    const path = `/_api/web/GetFolderByServerRelativePath(DecodedUrl='${folder}')/Files/AddUsingPath(DecodedUrl='${name}',Overwrite=true)`;
    const answer = await send(
      simulator.mySiteUrl + path,
      { method: 'POST', headers: { authorization }, body },
      simulator.ca,
    );
    expect(answer.status).toBe(200);
  };
  const rendition = async (id: string, side: number) =>
    (await simulator.graph(`/users/${id}/photos/${String(side)}x${String(side)}/$value`)).body;
  const show = (id: string, stem: string) =>
    simulator.control('PATCH', `users/${id}/sharepoint`, {
      profile: {
        pictureUrl: `${simulator.mySiteUrl}/User%20Photos/Profilbilder/${stem}_MThumb.jpg?t=1`,
        placeholderState: '0',
      },
    });

  it.each([
    { kind: 'ordinary', expected: true, because: 'SharePoint pulled it' },
    { kind: 'native-pull', expected: true, because: 'SharePoint pulled it' },
    { kind: 'shared-picture', expected: true, because: 'the logo is theirs too' },
    { kind: 'no-photo', expected: true, because: 'there is nothing to show' },
    { kind: 'dotted', expected: false, because: "somebody else's file has the same name" },
    { kind: 'underscored', expected: true, because: 'their file came last' },
    { kind: 'no-mailbox', expected: false, because: 'SharePoint never pulls it' },
    { kind: 'no-profile', expected: false, because: 'there is no profile' },
    { kind: 'reused-upn', expected: false, because: "it shows the leaver's face" },
  ])('is $expected of $kind at first: $because', ({ kind, expected }) => {
    expect(people.get(kind)?.inSync).toBe(expected);
  });

  it("follows the bytes of the app's files, and measures how long they took", async () => {
    const id = idOf('ordinary');
    await simulator.control('PUT', `users/${id}/photo?drawing=other`);
    expect(await row(id)).toMatchObject({ inSync: false, syncedAfterMs: null });
    const stem = `m365-${id}`;
    for (const [letter, side] of [
      ['S', 48],
      ['M', 96],
    ] as const)
      await upload(`${stem}_${letter}Thumb.jpg`, await rendition(id, side));
    await show(id, stem);
    expect((await row(id)).inSync).toBe(false);
    const lastEvent = (await simulator.control('GET', 'state')).json<{ lastEvent: number }>().lastEvent;
    const events = await fetch(`${simulator.pageUrl}/_sim/events?since=${String(lastEvent)}`);
    await upload(`${stem}_LThumb.jpg`, await rendition(id, 360));
    let text = '';
    for await (const chunk of events.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"type":"synced"')) break;
    }
    const { inSync, syncedAfterMs } = await row(id);
    expect(inSync).toBe(true);
    expect(syncedAfterMs).toBeGreaterThan(0);
  });

  it("is false for another person's face, though every byte is Graph's", async () => {
    const id = idOf('apostrophe');
    for (const letter of ['S', 'M', 'L'])
      await upload(`wrong_${letter}Thumb.jpg`, await rendition(idOf('percent'), 96));
    await show(id, 'wrong');
    expect((await row(id)).inSync).toBe(false);
  });

  it('is false while a removed photo is still shown', async () => {
    const id = idOf('disabled');
    await simulator.control('DELETE', `users/${id}/photo`);
    expect((await row(id)).inSync).toBe(false);
    await simulator.control('PATCH', `users/${id}/sharepoint`, { profile: { pictureUrl: '' } });
    expect((await row(id)).inSync).toBe(true);
  });

  it("tells a former photo's renditions from a stranger's", async () => {
    const id = idOf('underscored');
    const before = (await simulator.control('GET', `users/${id}/renditions`)).json<{
      etag: string;
      sha256: object;
    }>();
    await simulator.control('PUT', `users/${id}/photo?drawing=next`);
    const after = (await simulator.control('GET', `users/${id}/renditions?former=true`)).json<{
      former: unknown[];
    }>();
    expect(after.former).toEqual([before]);
    expect(Object.keys(before.sha256)).toEqual([
      '48',
      '64',
      '96',
      '120',
      '240',
      '360',
      '432',
      '504',
      '648',
      'original',
    ]);
  });
});

import { at } from '../support/change-while-failing';
import { eventually, startJourney, startMs, type Journey, type SimPerson } from '../support/journey';
import { samplePicture } from '../support/sample-pictures';

/*
 * What becomes of the app's picture when the photo is gone. The waits, a day each in a tenant, take one here.
 */
jest.setTimeout(startMs);

let journey: Journey;
beforeAll(async () => {
  journey = await startJourney({
    people: 40,
    settings: {
      REMOVAL_CONFIRM_AFTER: '1s',
      REMOVED_FILES_AFTER: '1s',
      SECOND_LOOK_SECONDS: '2',
      MAX_WRITES_PER_DAY: '1000',
      BREAKER_REMOVALS: '1000',
    },
  });
}, startMs);
afterAll(() => journey.stop());

const patientMs = 40_000;

async function takeApplied(): Promise<SimPerson> {
  const { control } = journey;
  const person = await journey.take();
  await control.putPhoto(person.id, { drawing: 'of the app' });
  await journey.inSync(person.id);
  await eventually('the write is closed', async () => {
    const row = await journey.storage.person(person.id);
    return row?.dirty === false && row.appliedEtag !== '';
  });
  return control.user(person.id);
}

const decided = ({ id }: SimPerson, plan: string, code: string) =>
  eventually(
    `the app decides ${plan} ${code} about ${id}`,
    () => journey.log.all('photo-decided', { personId: id, plan, code })[0],
    patientMs,
  );
const isDecided = ({ id }: SimPerson, plan: string) =>
  journey.log.all('photo-decided', { personId: id, plan }).length > 0;

async function expectShown({ id }: SimPerson): Promise<void> {
  expect((await journey.control.user(id)).sharePoint?.pictureUrl).toContain(`m365-${id}`);
  expect(await journey.audit.ownFilesOf(id)).toHaveLength(3);
}

async function expectCleared({ id }: SimPerson): Promise<void> {
  const { sharePoint } = await journey.control.user(id);
  expect(sharePoint).toMatchObject({ pictureUrl: '', placeholderState: '1' });
}

async function filesAreGone({ id }: SimPerson): Promise<void> {
  const { audit, storage } = journey;
  await eventually(
    'the files are gone',
    async () => {
      const row = await storage.person(id);
      // A claim says so, too, and a removal that is in doubt.
      return row?.filesDueAt === '' && row.dirty === false && row.doubt === '';
    },
    patientMs,
  );
  await audit.untouched(id);
  expect(await storage.person(id)).toMatchObject({
    dirty: false,
    appliedEtag: '',
    nextLookAt: '',
    doubt: '',
  });
}

/** Graph says of this person what it is told to say. */
const graphSays = (person: SimPerson, status: number, body: object) =>
  journey.control.addFault({ ...at.look(person), status, body: JSON.stringify(body) });
const says404 = (person: SimPerson, code: string) =>
  graphSays(person, 404, { error: { code, message: 'No photo.' } });

describe('A photo that is gone', () => {
  it.concurrent('matrix 27: is cleared after two looks, and its files go after that', async () => {
    const { control, audit } = journey;
    const person = await takeApplied();
    await control.deletePhoto(person.id);
    await decided(person, 'confirm', 'removal');
    await expectShown(person);
    await decided(person, 'clear', 'removal');
    await expectCleared(person);
    expect(await audit.ownFilesOf(person.id)).toHaveLength(3);
    await filesAreGone(person);
    const [first] = journey.log.all('photo-decided', {
      personId: person.id,
      code: 'removal',
      plan: 'confirm',
    });
    const [second] = journey.log.all('photo-decided', {
      personId: person.id,
      code: 'removal',
      plan: 'clear',
    });
    expect(Date.parse(second!.time) - Date.parse(first!.time)).toBeGreaterThan(1000);
    // A new photo later is an ordinary change.
    await control.putPhoto(person.id, { drawing: 'back again' });
    await journey.inSync(person.id);
  });

  it.concurrent('matrix 27: is cleared where Graph serves a 1x1 gif instead', async () => {
    const person = await takeApplied();
    await graphSays(person, 200, {
      '@odata.mediaContentType': 'image/gif',
      '@odata.mediaEtag': '',
      id: '1x1',
      height: 1,
      width: 1,
    });
    await journey.control.notify([person.id]);
    await decided(person, 'clear', 'removal');
    await filesAreGone(person);
  });

  it.concurrent('and is there again before the second look: nothing is cleared or written', async () => {
    const { control } = journey;
    const person = await takeApplied();
    const since = await control.lastRequest();
    const recover = await says404(person, 'ImageNotFound');
    await control.notify([person.id]);
    await decided(person, 'confirm', 'removal');
    await recover();
    await eventually(
      'the second look finds the photo',
      async () => (await journey.storage.person(person.id))?.doubt === '',
      patientMs,
    );
    await expectShown(person);
    expect(isDecided(person, 'clear')).toBe(false);
    expect(await journey.storage.person(person.id)).toMatchObject({
      code: 'unchanged',
      appliedEtag: person.source!.etag,
      nextLookAt: '',
    });
    const ours = (await journey.requestsSince(since)).filter(({ path }) =>
      path.includes(`m365-${person.id}`),
    );
    expect(ours).toEqual([]);
  });

  it.concurrent('and is there again before the files go: it is written', async () => {
    const { control } = journey;
    const person = await takeApplied();
    await control.deletePhoto(person.id);
    await decided(person, 'clear', 'removal');
    await control.putPhoto(person.id, { drawing: 'another one' });
    await journey.inSync(person.id);
    await eventually(
      'no file is due',
      async () => (await journey.storage.person(person.id))?.filesDueAt === '',
    );
    await expectShown(person);
  });

  it.concurrent.each([
    { by: 'a failure of Graph', fault: { status: 503 } },
    { by: 'a 404 with a code that says something else', fault: { status: 404 } },
    { by: 'a 400', fault: { status: 400 } },
  ])('is not proved by $by, however long it lasts', async ({ fault }) => {
    const { control, log } = journey;
    const person = await takeApplied();
    await control.deletePhoto(person.id);
    await decided(person, 'confirm', 'removal');
    const since = log.mark();
    const recover = await control.addFault({ ...at.look(person), ...fault });
    await eventually(
      'the app tries again',
      () => log.all('photo-retry', { personId: person.id }, since).length >= 2,
      patientMs,
    );
    expect(isDecided(person, 'clear')).toBe(false);
    await expectShown(person);
    await recover();
    await decided(person, 'clear', 'removal');
    await filesAreGone(person);
  });

  it.concurrent('of a disabled account is left as it is', async () => {
    const { control } = journey;
    const person = await takeApplied();
    await control.patchUser(person.id, { accountEnabled: false }, { notify: false });
    await control.deletePhoto(person.id);
    await decided(person, 'skip', 'disabled');
    await expectShown(person);
  });

  it.concurrent('matrix 26: with its account is left as it is', async () => {
    const person = await takeApplied();
    await journey.control.deleteUser(person.id);
    await decided(person, 'skip', 'no-account');
    expect(await journey.audit.ownFilesOf(person.id)).toHaveLength(3);
  });

  it.concurrent('matrix 23: while it was half written: nothing of it stays', async () => {
    const { control, log } = journey;
    const person = await journey.take();
    const recover = await control.addFault({ ...at.file('L')(person), status: 500 });
    await control.putPhoto(person.id, { drawing: 'never seen' });
    await log.next('photo-retry', { personId: person.id });
    await control.deletePhoto(person.id);
    await recover();
    await decided(person, 'confirm', 'removal');
    await filesAreGone(person);
  });
});

describe('A file of ours stays', () => {
  it.concurrent('matrix 27: where something holds it, and that is final', async () => {
    const { control, audit, storage, log } = journey;
    const people = await Promise.all([403, 409, 423].map(() => takeApplied()));
    const pathOf = async ({ id }: SimPerson) =>
      (await audit.ownFilesOf(id)).find(({ path }) => path.endsWith('_MThumb.jpg'))!.path;
    const paths = await Promise.all(people.map(pathOf));
    await control.retain(
      ([403, 409, 423] as const).map((status, index) => ({ path: paths[index]!, status })),
    );
    await Promise.all(people.map(({ id }) => control.deletePhoto(id)));
    for (const [index, person] of people.entries()) {
      const { reason } = await decided(person, 'skip', 'retained');
      expect(reason).toMatch(/retention policy or a lock/);
      await expectCleared(person);
      expect((await audit.ownFilesOf(person.id)).map(({ path }) => path)).toEqual([paths[index]]);
      expect(await storage.person(person.id)).toMatchObject({ filesDueAt: '', nextLookAt: '', dirty: false });
      expect(log.all('photo-retry', { personId: person.id })).toEqual([]);
    }
  });

  it.concurrent('where somebody put other bytes into it', async () => {
    const { control, audit } = journey;
    const person = await takeApplied();
    await control.deletePhoto(person.id);
    await decided(person, 'clear', 'removal');
    const { path } = (await audit.ownFilesOf(person.id)).find((file) => file.path.includes('_SThumb'))!;
    await control.putFile(path, Buffer.from('a picture of somebody’s own'), 'app');
    const { reason } = await decided(person, 'skip', 'retained');
    expect(reason).toMatch(/somebody else changed/);
    expect((await audit.ownFilesOf(person.id)).map((file) => file.path)).toEqual([path]);
    await control.deleteFile(path);
  });

  it.concurrent('beside a picture that somebody else chose: that one is not touched', async () => {
    const { control } = journey;
    const person = await takeApplied();
    const pictureUrl = 'https://contoso.sharepoint.com/SiteAssets/chosen.jpg';
    await control.patchProfile(person.id, { pictureUrl });
    await control.deletePhoto(person.id);
    await decided(person, 'skip', 'not-ours');
    await filesAreGone(person);
    expect((await control.user(person.id)).sharePoint?.pictureUrl).toBe(pictureUrl);
  });
});

it.concurrent('A photo of another kind is written when a second look finds it again', async () => {
  const { control, storage } = journey;
  const person = await takeApplied();
  const raw = await samplePicture(300, 200).jpeg().toBuffer();
  await control.putPhoto(person.id, { raw, contentType: 'image/jpeg', width: 300, height: 200 });
  await decided(person, 'confirm', 'other-kind');
  expect(await storage.person(person.id)).toMatchObject({ appliedEtag: person.source!.etag });
  await journey.inSync(person.id);
  await eventually('it is on record', async () => (await storage.person(person.id))?.settledKind === 'other');
});

it.concurrent('matrix 9: a second look finds the photo that Graph did not serve at first', async () => {
  const { control, log } = journey;
  const person = await takeApplied();
  const before = { '@odata.mediaEtag': person.source!.etag, width: 648, height: 648, id: '648X648' };
  const recover = await graphSays(person, 200, before);
  const since = log.mark();
  await control.putPhoto(person.id, { drawing: 'not served yet' });
  await log.next('photo-decided', { personId: person.id, code: 'unchanged', written: false }, since);
  await recover();
  await journey.inSync(person.id);
  await log.next('photo-decided', { personId: person.id, cause: 'second-look', written: true }, since);
});

it('With REMOVALS=off a photo that is gone changes nothing', async () => {
  const { control, tenant, storage } = journey;
  const person = await takeApplied();
  await tenant.host?.stop();
  await tenant.startHost({ settings: { REMOVALS: 'off' } });
  await control.deletePhoto(person.id);
  await decided(person, 'skip', 'no-photo');
  await expectShown(person);
  expect(await storage.person(person.id)).toMatchObject({ nextLookAt: '', doubt: '' });
});

it('Nothing of all this ended as poison', async () => {
  expect(await journey.storage.poisoned()).toBe(0);
});

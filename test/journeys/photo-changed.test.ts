import { eventually, startJourney, startMs, type Journey, type SimPerson } from '../support/journey';
import { nameRequests } from '../support/request-names';
import { samplePicture } from '../support/sample-pictures';

/** A person changes their photo, and SharePoint shows it: the ways in which the news can come, and what it costs. */

const folderLookUp = 'SharePoint: picture folder';
const readsOfChange = ['Graph: photo metadata', 'Graph: user and pictures', 'SharePoint: profile'];
const writesOfChange = [
  'SharePoint: S file',
  'SharePoint: M file',
  'SharePoint: L file',
  'SharePoint: all properties',
];
const change = [...readsOfChange, ...writesOfChange, 'Graph: photo metadata'];

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, startMs);
afterAll(() => journey.stop());

/** Everything that was asked of Microsoft 365 while nothing but `work` went on. */
async function requestsDuring(work: () => Promise<unknown>): Promise<string[]> {
  await journey.storage.drained();
  const before = await journey.control.lastRequest();
  await work();
  await journey.storage.drained();
  return nameRequests(await journey.control.requests(before));
}

/** Changes the photo, tells the app, and waits until the two agree. */
async function changePhoto({ id }: SimPerson, drawing = 'a new face'): Promise<void> {
  await journey.control.putPhoto(id, { drawing });
  await journey.inSync(id);
}

const written = (id: string) => journey.log.all('photo-decided', { personId: id, written: true }).length;

describe('what it costs', () => {
  let person: SimPerson;

  beforeAll(async () => {
    person = await journey.take();
  });

  it('asks for the folder once a host, and else takes 3 requests of Graph and 5 of SharePoint', async () => {
    const first = await requestsDuring(() => changePhoto(person));
    expect(first).toEqual([...readsOfChange, folderLookUp, ...writesOfChange, 'Graph: photo metadata']);

    expect(await requestsDuring(() => changePhoto(person, 'another face'))).toEqual(change);
  });

  it('copies the renditions of 48, 96 and 360 pixels', async () => {
    const { sha256 } = await journey.control.renditions(person.id);
    const { sharePoint } = await journey.control.user(person.id);
    expect(sharePoint?.files).toEqual({ S: sha256['48'], M: sha256['96'], L: sha256['360'] });
  });

  it.each([
    {
      when: 'the notification is about something else (a job title)',
      news: () => journey.control.patchUser(person.id, { jobTitle: 'Astronaut' }),
    },
    {
      when: 'matrix 6: the notification of a photo that is there already comes once more',
      news: () => journey.control.notify([person.id]),
    },
  ])('takes 1 request of Graph and none of SharePoint when $when', async ({ news }) => {
    const since = journey.log.mark();
    const asked = await requestsDuring(async () => {
      await news();
      await journey.log.next('photo-decided', { personId: person.id, code: 'unchanged' }, since);
    });
    expect(asked).toEqual(['Graph: photo metadata']);
    const decisions = journey.log.all('photo-decided', { personId: person.id }, since);
    expect(new Set(decisions.map(({ plan }) => plan))).toEqual(new Set(['skip']));
    expect(decisions[0]).toMatchObject({ reason: expect.any(String), correlationId: expect.any(String) });
    await journey.audit.person(person.id);
  });
});

describe('which photo it is', () => {
  it.concurrent.each([
    { kind: 'a JPEG', format: 'jpeg' },
    { kind: 'a PNG', format: 'png' },
  ] as const)('brings $kind that was uploaded', async ({ format }) => {
    const { id } = await journey.take();
    await journey.control.putPhoto(id, { upload: await samplePicture(400).toFormat(format).toBuffer() });
    await journey.inSync(id);
    const { sha256 } = await journey.control.renditions(id);
    expect((await journey.control.user(id)).sharePoint?.files.L).toBe(sha256['360']);
  });

  it.concurrent('takes the largest renditions there are of a small photo', async () => {
    const { id } = await journey.take();
    await journey.control.putPhoto(id, { upload: await samplePicture(64).jpeg().toBuffer() });
    await journey.inSync(id);
    const { sha256 } = await journey.control.renditions(id);
    const files = { S: sha256['48'], M: sha256['64'], L: sha256['64'] };
    expect((await journey.control.user(id)).sharePoint?.files).toEqual(files);
  });

  it.concurrent('takes a photo of odd dimensions from the directory once, for all three', async () => {
    const { id } = await journey.take('no-mailbox');
    await journey.control.putPhoto(id, { upload: await samplePicture(300, 431).jpeg().toBuffer() });
    await journey.inSync(id);
    const { original } = (await journey.control.renditions(id)).sha256;
    expect((await journey.control.user(id)).sharePoint?.files).toEqual({
      S: original,
      M: original,
      L: original,
    });
    const batch = (await journey.control.requests())
      .filter(({ inner }) => inner?.some(({ path }) => path.includes(id)))
      .at(-1);
    expect(batch?.inner?.map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
      `/users/${id}`,
      `/users/${id}/photo/$value`,
    ]);
  });

  it.concurrent('ends with the newest of two photos in quick succession', async () => {
    const { id } = await journey.take();
    await journey.control.putPhoto(id, { drawing: 'the first' });
    const { etag } = await journey.control.putPhoto(id, { drawing: 'the second' });
    await journey.inSync(id);
    await eventually('the second is on record', async () => {
      const row = await journey.storage.person(id);
      return row?.appliedEtag === etag && row.dirty === false;
    });
  });
});

describe('how the news comes', () => {
  it('matrix 6, 7: brings the newest, and writes no photo twice, when notifications come doubled and in disorder', async () => {
    const people = await Promise.all([journey.take(), journey.take(), journey.take()]);
    const photos = 4;
    const removeFault = await journey.control.addFault({ duplicate: true, reorder: true });
    for (let photo = 1; photo <= photos; photo++) {
      for (const { id } of people) await journey.control.putPhoto(id, { drawing: `photo ${String(photo)}` });
    }
    for (const { id } of people) await journey.inSync(id);
    await removeFault();
    await journey.storage.drained();
    for (const { id } of people) {
      await journey.audit.person(id);
      expect(written(id)).toBeLessThanOrEqual(photos);
    }
    const deliveries = await journey.control.notifications();
    const about = deliveries.filter(({ personIds }) => personIds.includes(people[0].id));
    expect(about).toHaveLength(2 * photos);
  });

  it('matrix 6: does nothing when a notification comes again hours later', async () => {
    const person = await journey.take();
    await changePhoto(person);
    await journey.control.advanceClock(5 * 3600);
    const asked = await requestsDuring(async () => {
      const since = journey.log.mark();
      await journey.control.notify([person.id]);
      await journey.log.next('photo-decided', { personId: person.id, code: 'unchanged' }, since);
    });
    expect(asked).toEqual(['Graph: photo metadata']);
    expect(written(person.id)).toBe(1);
  });

  it.each([
    { when: 'between the look and the pictures', service: 'graph', match: '^POST /v1\\.0/\\$batch' },
    { when: 'while the files are written', service: 'mysite', match: '_MThumb\\.jpg' },
    { when: 'while the properties are written', service: 'admin', match: 'ProcessQuery' },
  ] as const)('matrix 10: sees that the photo changed $when', async ({ service, match }) => {
    const { control } = journey;
    const { id } = await journey.take();
    const before = await control.lastRequest();
    const removeFault = await control.addFault({ service, match, delayMs: 10_000, times: 1 });
    await control.putPhoto(id, { drawing: 'seen first' });
    await eventually('the request is held up', async () => (await control.faults())[0]?.hits === 1);
    const { etag } = await control.putPhoto(id, { drawing: 'the newest', notify: false });
    await removeFault();
    await journey.inSync(id);
    await journey.storage.drained();
    expect(await journey.storage.person(id)).toMatchObject({ appliedEtag: etag, dirty: false });
    const looks = nameRequests(await control.requests(before)).filter((name) => name.endsWith('metadata'));
    // Look, look after the write, and once more each for the newest.
    expect(looks).toHaveLength(4);
  });
});

describe('with other settings', () => {
  const windowMs = 5000;

  beforeAll(async () => {
    await journey.storage.drained();
    await journey.tenant.host!.stop();
    await journey.tenant.startHost({
      settings: { PROFILE_WRITE: 'rest', PROFILE_HOST: 'root', COALESCE_SECONDS: String(windowMs / 1000) },
    });
  }, startMs);

  it('sets property by property on the root site where the settings say so', async () => {
    const other = await journey.take('no-mailbox');
    const asked = await requestsDuring(() => changePhoto(other));
    expect(asked.filter((name) => name.startsWith('SharePoint'))).toEqual([
      ...[folderLookUp, 'SharePoint: S file', 'SharePoint: M file', 'SharePoint: L file'],
    ]);
    // A first picture: placeholder, timestamp and address all change.
    expect(asked.filter((name) => name.startsWith('root'))).toEqual([
      'root: profile',
      ...Array<string>(3).fill('root: one property'),
    ]);
  });

  it('looks once a window, and writes once, for a hundred notifications within a few seconds', async () => {
    const { control, log } = journey;
    const busy = await journey.take();
    await control.putPhoto(busy.id, { drawing: 'a new face', notify: false });

    const begunAt = Date.now();
    const asked = await requestsDuring(async () => {
      const since = (await control.notifications()).at(-1)?.n ?? 0;
      await control.notify(Array<string>(100).fill(busy.id), { batch: 1 });
      await eventually('all hundred are taken', async () => {
        const answers = await control.notifications(since);
        return answers.filter(({ status }) => status === 202).length === 100;
      });
      await journey.inSync(busy.id);
    });

    // On a slow machine they take longer than one window. The look that ends the last one begins 2 s after it.
    const notified = log.all('photo-decided', { personId: busy.id, cause: 'notification' });
    const lastedMs = Date.parse(notified.at(-1)!.time) - begunAt;
    const windows = Math.ceil((lastedMs + 2000) / windowMs);
    // The first look, one at the end of each window, and the look after the write.
    const looks = asked.filter((name) => name === 'Graph: photo metadata').length;
    expect(looks).toBeLessThanOrEqual(1 + windows + 1);
    expect(asked.filter((name) => name.endsWith(' file'))).toHaveLength(3);
    expect(written(busy.id)).toBe(1);
  });
});

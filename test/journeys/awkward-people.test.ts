import { startJourney, startMs, type Journey, type PersonKind, type SimPerson } from '../support/journey';
import { nameRequests } from '../support/request-names';
import { samplePicture } from '../support/sample-pictures';

/** People and pictures that a tenant has and a naive copy would trip over. */

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
}, startMs);
afterAll(() => journey.stop());

/** Tells the app of a person, and waits for what it decides. */
async function decisionOn(id: string, where: Record<string, unknown> = {}) {
  const since = journey.log.mark();
  await journey.control.notify([id]);
  return journey.log.next('photo-decided', { personId: id, ...where }, since);
}

const sharePointOf = async (id: string) => (await journey.control.user(id)).sharePoint;

describe('gets the picture:', () => {
  it.concurrent.each<{ who: string; kind: PersonKind }>([
    { who: 'a.b@, beside a_b@', kind: 'dotted' },
    { who: 'a_b@, beside a.b@', kind: 'underscored' },
    { who: "o'neil@", kind: 'apostrophe' },
    { who: 'somebody with a percent sign in the name', kind: 'percent' },
    { who: 'somebody without a mailbox, whose photo has odd dimensions', kind: 'no-mailbox' },
    { who: 'somebody whose picture SharePoint pulled by itself', kind: 'native-pull' },
    { who: 'one of those who share a default logo', kind: 'shared-picture' },
  ])('$who', async ({ kind }) => {
    const { id } = await journey.take(kind);
    await journey.control.putPhoto(id, { drawing: 'a new face' });
    await journey.inSync(id);
  });

  it.concurrent('each of two who have the same default logo, in files of their own', async () => {
    const [one, other] = [await journey.take('shared-picture'), await journey.take('shared-picture')];
    expect(one.source).toEqual(other.source);
    await journey.control.notify([one.id, other.id]);
    await journey.inSync(one.id);
    await journey.inSync(other.id);
    expect((await sharePointOf(one.id))?.files).toEqual((await sharePointOf(other.id))?.files);
  });

  it.concurrent('matrix 26: somebody whose sign-in name changed, under the same file names', async () => {
    const { id, userPrincipalName } = await journey.take();
    await journey.control.putPhoto(id, { drawing: 'before the wedding' });
    await journey.inSync(id);
    const before = (await journey.audit.ownFilesOf(id)).map(({ path }) => path);

    await journey.control.patchUser(id, { userPrincipalName: `married.${userPrincipalName}` });
    await journey.control.putPhoto(id, { drawing: 'after the wedding' });
    await journey.inSync(id);
    expect((await journey.audit.ownFilesOf(id)).map(({ path }) => path)).toEqual(before);
  });
});

describe('is left alone:', () => {
  it.concurrent.each<{ who: string; kind: PersonKind; then: { plan: string; code: string } }>([
    { who: 'a guest', kind: 'guest', then: { plan: 'skip', code: 'guest' } },
    { who: 'a disabled account', kind: 'disabled', then: { plan: 'skip', code: 'disabled' } },
    {
      who: 'matrix 25: somebody without a SharePoint profile',
      kind: 'no-profile',
      then: { plan: 'defer', code: 'no-profile' },
    },
    {
      who: "somebody under whose name a leaver's profile stands",
      kind: 'reused-upn',
      then: { plan: 'defer', code: 'other-identity' },
    },
  ])('$who', async ({ kind, then }) => {
    const { id } = await journey.take(kind);
    const before = await sharePointOf(id);
    const decided = await decisionOn(id);
    expect(decided).toMatchObject({ ...then, reason: expect.stringMatching(/\.$/), dequeueCount: 1 });
    const { source } = await journey.control.user(id);
    expect(await journey.storage.person(id)).toMatchObject({
      ...then,
      reason: decided.reason,
      seenEtag: source?.etag,
    });
    await journey.audit.untouched(id);
    expect(await sharePointOf(id)).toEqual(before);
  });

  it.concurrent(
    'matrix 25: nobody for longer than needed: the profile comes, and so does the picture',
    async () => {
      const { id } = await journey.take('no-profile');
      await decisionOn(id, { code: 'no-profile' });
      await journey.control.patchProfile(id, {});
      await journey.control.notify([id]);
      await journey.inSync(id);
    },
  );

  it.concurrent("nor does a leaver's profile stand in the way once it is the newcomer's", async () => {
    const { id } = await journey.take('reused-upn');
    await decisionOn(id, { code: 'other-identity' });
    await journey.control.patchProfile(id, { objectId: id });
    await journey.control.notify([id]);
    await journey.inSync(id);
  });

  it.concurrent('matrix 26: an account that is gone, with one question more', async () => {
    const { id } = await journey.take();
    await journey.control.putPhoto(id, { drawing: 'a new face' });
    await journey.inSync(id);
    const before = await journey.audit.ownFilesOf(id);
    const since = journey.log.mark();
    // Graph tells of it: a deletion is an update of the user.
    await journey.control.deleteUser(id);
    const decided = await journey.log.next('photo-decided', { personId: id, code: 'no-account' }, since);
    expect(decided).toMatchObject({ plan: 'skip', dequeueCount: 1 });
    expect(await journey.audit.ownFilesOf(id)).toEqual(before);
  });

  it.concurrent('matrix 26: an account that goes between the look and the pictures', async () => {
    const { control, log } = journey;
    const { id } = await journey.take();
    const gone = await control.addFault({ service: 'graph', match: `GET .*/users/${id}\\?`, status: 404 });
    const since = log.mark();
    await control.putPhoto(id, { drawing: 'a last face' });
    await log.next('photo-decided', { personId: id, code: 'no-account' }, since);
    await gone();
    await journey.audit.untouched(id);
  });
});

describe('without a photo', () => {
  it.concurrent('matrix 27: takes each of the four ways in which Graph says so', async () => {
    const people = await journey.control.addUsers(4, 'no-photo');
    const since = journey.log.mark();
    await journey.control.notify(people.map(({ id }) => id));
    const reasons = [];
    for (const { id } of people) {
      const decided = await journey.log.next('photo-decided', { personId: id }, since);
      expect(decided).toMatchObject({ plan: 'skip', code: 'no-photo' });
      reasons.push(/\((\w+)\)/.exec(String(decided.reason))?.[1]);
      await journey.audit.untouched(id);
    }
    const ways = ['ErrorEntityNotFound', 'ErrorItemNotFound', 'ImageNotFound', 'placeholder'];
    expect(reasons.sort()).toEqual(ways);
  });
});

// What else is broken about pictures is in abuse.test.ts.
describe('a picture that is broken', () => {
  const jpeg = () => samplePicture(648).jpeg().toBuffer();

  it.concurrent.each([
    {
      what: 'HTML',
      contentType: 'text/html',
      bytes: () => '<html>Please sign in</html>',
      because: /neither JPEG nor PNG/,
    },
    {
      what: 'a JPEG that is cut off',
      contentType: 'image/jpeg',
      bytes: async () => (await jpeg()).subarray(0, -4000),
      because: /cut off/,
    },
  ])('is skipped and remembered, until it changes: $what', async ({ contentType, bytes, because }) => {
    const { control, storage } = journey;
    const { id } = await journey.take();
    const { etag } = await control.putPhoto(id, {
      raw: Buffer.from(await bytes()),
      contentType,
      notify: false,
    });

    const decided = await decisionOn(id);
    expect(decided).toMatchObject({ plan: 'skip', code: 'unusable', reason: expect.stringMatching(because) });
    expect(await storage.person(id)).toMatchObject({ code: 'unusable', seenEtag: etag });
    expect(await decisionOn(id, { code: 'unchanged' })).toMatchObject({ plan: 'skip' });
    // Whatever was asked twice was asked about the photo, not for it.
    const batches = (await control.requests()).filter(({ inner }) =>
      inner?.some(({ path }) => path.includes(id)),
    );
    expect(nameRequests(batches)).toEqual(['Graph: user and pictures']);
    await journey.audit.untouched(id);

    await control.putPhoto(id, { drawing: 'a whole one' });
    await journey.inSync(id);
  });

  it.concurrent('is not one that has four colours', async () => {
    const { id } = await journey.take();
    const raw = await samplePicture(648).toColourspace('cmyk').jpeg().toBuffer();
    await journey.control.putPhoto(id, { raw, contentType: 'image/jpeg' });
    await journey.inSync(id);
  });
});

describe('with settings that include them', () => {
  let people: SimPerson[];

  beforeAll(async () => {
    const { storage, tenant } = journey;
    await storage.drained();
    // Guest and disabled account were looked at and left alone under the settings of before: one of each is enough.
    people = (await journey.control.users()).filter(({ kind }) => kind === 'guest' || kind === 'disabled');
    await tenant.host!.stop();
    await tenant.startHost({ settings: { INCLUDE_GUESTS: 'true', INCLUDE_DISABLED: 'true' } });
  }, startMs);

  it.each(['guest', 'disabled'])('somebody (%s) gets the picture, though left alone before', async (kind) => {
    const [before, never] = people.filter((person) => person.kind === kind);
    await journey.control.notify([before!.id, never!.id]);
    await journey.inSync(before!.id);
    await journey.inSync(never!.id);
  });
});

it('costs no try of the queue, whoever it is', async () => {
  await journey.storage.drained();
  const decisions = journey.log.all('photo-decided');
  expect(decisions.filter(({ dequeueCount }) => dequeueCount !== 1)).toEqual([]);
  // Two events of one person may get in each other's way and come back; no service has refused anything.
  expect(journey.log.all('photo-retry').filter(({ service }) => service !== undefined)).toEqual([]);
  expect(await journey.storage.poisoned()).toBe(0);
});

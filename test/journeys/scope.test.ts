import { randomUUID } from 'node:crypto';
import { queueNames, tableNames } from '../../src/storage/names';
import { expectAlert } from '../support/expect-alert';
import { eventually, startJourney, startMs, type Journey } from '../support/journey';

/**
 * For whom the app writes, by groups of the directory. One tenant; each part has a function host of its own settings.
 */

const pilotGroup = randomUUID();
const nestedGroup = randomUUID();
const exclusionGroup = randomUUID();
const groupReaders = ['User.Read.All', 'GroupMember.Read.All'];

let journey: Journey;
let strangers: string[];

beforeAll(async () => {
  journey = await startJourney({ startHost: false });
  // Nobody of the tests: they fill the groups, so that one more or less is no landslide.
  strangers = [];
  while (strangers.length < 6) strangers.push((await journey.take()).id);
}, startMs);
afterAll(() => journey.stop());

/** Puts a host with other settings, and tokens with other roles, in the place of the one before. */
async function restart(settings: Record<string, string>, roles = groupReaders): Promise<void> {
  await journey.tenant.host?.stop();
  await journey.control.putRoles({ graph: roles });
  await journey.tenant.startHost({ settings: { SCOPE: '', ...settings } });
}

/** Has the app read its groups, and waits for what it says. */
async function refreshed(event: 'scope-read' | 'scope-known' | 'scope-unknown', where = {}) {
  const since = journey.log.mark();
  await journey.runTimer('refresh-scope');
  return journey.log.next(event, where, since);
}

/** Tells the app of a new photo, and waits for what it decides. */
async function decisionOnChange(id: string, where: Record<string, unknown> = {}) {
  const since = journey.log.mark();
  await journey.control.putPhoto(id, { drawing: `a face of ${String(since)}`, notify: false });
  await journey.storage.send({ personId: id, cause: 'retry' });
  return journey.log.next('photo-decided', { personId: id, ...where }, since);
}

/** A look goes by a reading of the last second, so the first one may still go by the reading of before. */
const decidesAtLast = (id: string, isRight: (decided: Record<string, unknown>) => boolean) =>
  eventually('the app decides by the new reading', async () => isRight(await decisionOnChange(id)));

const groupRow = (groupId: string) => journey.storage.table(tableNames.scope).getEntity('status', groupId);

describe('A pilot group', () => {
  let member: string;
  let nested: string;

  beforeAll(async () => {
    [member, nested] = [(await journey.take()).id, (await journey.take()).id];
    await journey.control.putGroup(nestedGroup, { members: [nested] });
    await journey.control.putGroup(pilotGroup, { members: [member, ...strangers], groups: [nestedGroup] });
    await journey.control.putGroup(exclusionGroup, { members: strangers.slice(0, 2) });
    await restart({ PILOT_GROUP: pilotGroup, EXCLUSION_GROUP: exclusionGroup });
  }, startMs);

  it('that was not read yet lets nobody be written, and loses nobody', async () => {
    const decided = await decisionOnChange(member, { plan: 'stop' });
    expect(decided).toMatchObject({
      code: 'scope',
      reason: expect.stringMatching(/PILOT_GROUP was not read yet/),
    });
    expect(await journey.storage.person(member)).toMatchObject({ plan: 'stop', dirty: true });
    await journey.audit.untouched(member);
  });

  it('lets its members be written once it is read, after a sweep was asked for', async () => {
    await refreshed('scope-known');
    await journey.storage.send({ personId: member, cause: 'sweep' }, queueNames.photoChangedBacklog);
    await journey.inSync(member);
  });

  it('lets members of a group inside it be written, too', async () => {
    await decisionOnChange(nested);
    await journey.inSync(nested);
  });

  it('leaves everybody else alone, and asks nothing about them', async () => {
    const { id } = await journey.take();
    const before = await journey.control.lastRequest();
    expect(await decisionOnChange(id)).toMatchObject({ plan: 'skip', code: 'out-of-scope' });
    const asked = await journey.requestsSince(before);
    expect(asked.filter(({ path }) => path.includes(id))).toEqual([]);
    await journey.audit.untouched(id);
  });

  it('leaves whoever goes from it as they are', async () => {
    const { control, audit } = journey;
    const before = [await audit.ownFilesOf(member), (await control.user(member)).sharePoint];
    await control.putGroup(pilotGroup, { members: strangers, groups: [nestedGroup] });
    await refreshed('scope-read', { people: strangers.length + 1 });
    expect(await decisionOnChange(member, { plan: 'skip' })).toMatchObject({ code: 'out-of-scope' });
    expect([await audit.ownFilesOf(member), (await control.user(member)).sharePoint]).toEqual(before);
  });
});

describe('An exclusion group', () => {
  let excluded: string;

  beforeAll(async () => {
    excluded = (await journey.take()).id;
    await journey.control.putGroup(exclusionGroup, { members: [excluded, ...strangers.slice(0, 2)] });
    await journey.control.putGroup(pilotGroup, { members: [excluded, ...strangers], groups: [nestedGroup] });
  }, startMs);

  // The host of before, then another; the last one stays for the tests that follow.
  it.each([
    { over: 'the pilot group', settings: undefined },
    { over: 'the pilot users', settings: () => ({ PILOT_USERS: excluded }) },
    { over: 'everyone', settings: () => ({ SCOPE: 'everyone' }) },
  ])(
    'wins over $over',
    async ({ settings }) => {
      if (settings) await restart({ ...settings(), EXCLUSION_GROUP: exclusionGroup });
      await refreshed('scope-read', { groupId: exclusionGroup, people: 3 });
      await decidesAtLast(
        excluded,
        ({ code, reason }) => code === 'out-of-scope' && /exclusion group/.test(String(reason)),
      );
      await journey.audit.untouched(excluded);
    },
    startMs,
  );

  it('is looked at again before each write: nothing more is written for whoever joins meanwhile', async () => {
    const { control, log, storage } = journey;
    const { id } = await journey.take();
    const since = log.mark();
    const release = await control.addFault({ service: 'mysite', match: `m365-${id}_M`, delayMs: 2500 });
    await control.putPhoto(id, { drawing: 'a new face', notify: false });
    await storage.send({ personId: id, cause: 'retry' });
    await eventually('the M file is at work', async () => (await control.faults())[0]?.hits === 1);
    await control.putGroup(exclusionGroup, { members: [excluded, id, ...strangers.slice(0, 2)] });
    await refreshed('scope-read', { people: 4 });

    const decided = await log.next('photo-decided', { personId: id, plan: 'skip' }, since);
    expect(decided).toMatchObject({ code: 'out-of-scope', reason: 'This person left the scope.' });
    await release();
    const names = (await journey.audit.ownFilesOf(id)).map(({ path }) => path.slice(-11));
    expect(names.sort()).toEqual(['_MThumb.jpg', '_SThumb.jpg']);
    // Half written as it is, the row says so: back in scope, the person gets the rest.
    expect(await storage.person(id)).toMatchObject({ dirty: true });
    await control.putGroup(exclusionGroup, { members: [excluded, ...strangers.slice(0, 2)] });
    await refreshed('scope-read', { people: 3 });
    // A look goes by a reading of the last second: until that is over, the person is left out, as before.
    await eventually('a sweep finds the person in scope', async () => {
      const asked = log.mark();
      await storage.send({ personId: id, cause: 'sweep' }, queueNames.photoChangedBacklog);
      const { plan } = await log.next('photo-decided', { personId: id, cause: 'sweep' }, asked);
      return plan === 'apply';
    });
    await journey.inSync(id);
  });
});

describe('A group that can’t be believed stops all writing', () => {
  let members: string[];

  beforeAll(async () => {
    members = strangers.slice(0, 5);
    await journey.control.putGroup(exclusionGroup, { members });
    await refreshed('scope-read', { people: 5 });
  }, startMs);

  afterEach(() => journey.control.clearFaults());

  it.each<{ when: string; spoil: () => Promise<unknown>; says: RegExp }>([
    {
      when: 'it reads as empty',
      spoil: () => journey.control.putGroup(exclusionGroup, { members: [] }),
      says: /reads as empty; SCOPE_EMPTY_OK=true/,
    },
    {
      when: 'more than half of it are gone',
      spoil: () => journey.control.putGroup(exclusionGroup, { members: members.slice(0, 2) }),
      says: /shrank by more than half, from 5 to 2 people/,
    },
    {
      when: 'it is gone',
      spoil: () => journey.control.deleteGroup(exclusionGroup),
      says: /does not exist in Microsoft Entra ID/,
    },
    {
      when: 'its members are hidden from us',
      spoil: () => journey.control.putGroup(exclusionGroup, { members, hidden: true }),
      says: /hides its members.*Member\.Read\.Hidden/,
    },
    {
      when: 'the role is missing',
      spoil: () => journey.control.addFault({ service: 'graph', match: 'GET \\S*/groups/', status: 403 }),
      says: /GroupMember\.Read\.All/,
    },
    {
      when: 'Graph is down',
      spoil: () => journey.control.addFault({ service: 'graph', match: 'GET \\S*/groups/', status: 503 }),
      says: /could not be read: Graph is not well \(503\)/,
    },
  ])('where $when, and goes on when it is well again', async ({ spoil, says }) => {
    const { control, storage } = journey;
    const { id } = await journey.take();
    await spoil();
    const told = await refreshed('scope-unknown');
    expectAlert('writing-stopped', 'scope-unknown', told);
    expect(told).toMatchObject({ setting: 'EXCLUSION_GROUP', reason: expect.stringMatching(says) });
    const decided = await decisionOnChange(id, { plan: 'stop' });
    expect(decided).toMatchObject({ code: 'scope', reason: expect.stringMatching(says) });
    // Who was in it is still left alone.
    expect(await decisionOnChange(members[0]!)).toMatchObject({ plan: 'skip', code: 'out-of-scope' });
    await journey.audit.untouched(id);

    await control.clearFaults();
    await control.putGroup(exclusionGroup, { members });
    await refreshed('scope-known');
    expect(await storage.person(id)).toMatchObject({ dirty: true });
    await storage.send({ personId: id, cause: 'sweep' }, queueNames.photoChangedBacklog);
    await journey.inSync(id);
  });

  it('where nobody has read it for more than 2 hours', async () => {
    const { storage } = journey;
    const { id } = await journey.take();
    // Storage's own clock tells how old a reading is, and nobody can move that: so the reading is put back in time.
    const threeHoursAgo = new Date(Date.now() - 3 * 3_600_000).toISOString();
    await storage
      .table(tableNames.scope)
      .updateEntity({ partitionKey: 'status', rowKey: exclusionGroup, readAt: threeHoursAgo }, 'Merge');
    const decided = await decisionOnChange(id, { plan: 'stop' });
    expect(decided).toMatchObject({ code: 'scope', reason: expect.stringMatching(/more than 2 hours ago/) });
    await journey.audit.untouched(id);
    const since = journey.log.mark();
    await journey.runTimer('sweep');
    const told = await journey.log.next('scope-unknown', {}, since);
    expect(told.reason).toMatch(/EXCLUSION_GROUP .*more than 2 hours ago/);
    await refreshed('scope-known');
    await storage.send({ personId: id, cause: 'sweep' }, queueNames.photoChangedBacklog);
    await journey.inSync(id);
  });

  it(
    'unless an admin says that it may be empty',
    async () => {
      await journey.control.putGroup(exclusionGroup, { members: [] });
      const settings = { SCOPE: 'everyone', EXCLUSION_GROUP: exclusionGroup, SCOPE_EMPTY_OK: 'true' };
      await restart(settings, [...groupReaders, 'Member.Read.Hidden']);
      await refreshed('scope-read', { people: 0 });
      expect(await groupRow(exclusionGroup)).toMatchObject({ count: 0, problem: '' });
      await decidesAtLast(members[0]!, ({ plan }) => plan === 'apply');
      await journey.inSync(members[0]!);
    },
    startMs,
  );
});

it('Members hidden from others are read with the role for it', async () => {
  const { id } = await journey.take();
  await journey.control.putGroup(exclusionGroup, { members: [id, ...strangers], hidden: true });
  await refreshed('scope-read', { people: strangers.length + 1 });
  await decidesAtLast(id, ({ plan, code }) => plan === 'skip' && code === 'out-of-scope');
});

it(
  'Where no group is named, the timer asks for nothing, and forgets who was in one',
  async () => {
    await restart({ SCOPE: 'everyone' }, ['User.Read.All']);
    const before = await journey.control.lastRequest();
    await journey.runTimer('refresh-scope');
    await eventually('no member is held any more', async () => {
      const rows = journey.storage.table(tableNames.scope).listEntities();
      return (await rows.next()).done === true;
    });
    const { id } = await journey.take();
    await decisionOnChange(id);
    await journey.inSync(id);
    const asked = await journey.requestsSince(before, 'graph');
    expect(asked.filter(({ path }) => path.includes('/groups/'))).toEqual([]);
  },
  startMs,
);

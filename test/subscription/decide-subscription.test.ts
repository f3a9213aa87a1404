import { decideSubscription } from '../../src/subscription/decide-subscription';

/** Graph's clock runs an hour ahead of Storage's here: each side is judged by its own. */
const storageNow = new Date('2026-11-24T09:00:00Z');
const graphNow = new Date('2026-11-24T10:00:00Z');
const after = (now: Date) => (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const [storage, graph] = [after(storageNow), after(graphNow)];
const day = 24 * 60;
const lifetime = 28 * day;
const notificationUrl = 'https://photos.example/api/notifications';
const lifecycleUrl = 'https://photos.example/api/lifecycle';
const settings = { notificationUrl, lifecycleUrl, subscriptionLifetimeMinutes: lifetime };

const row = (subscriptionId = 'one', changes = {}) => ({
  subscriptionId: subscriptionId as string | undefined,
  createdAt: storage(-600),
  validUntil: storage(lifetime),
  ...changes,
});
const pending = (minutesOld: number, changes = {}) => ({
  ...row(),
  subscriptionId: undefined,
  createdAt: storage(-minutesOld),
  ...changes,
});
const listed = (id = 'one', changes = {}) => ({
  id,
  resource: 'users',
  notificationUrl,
  lifecycleUrl: lifecycleUrl as string | undefined,
  expiresAt: graph(lifetime - 60),
  ...changes,
});

const decide = (
  rows: ReturnType<typeof row>[],
  list: ReturnType<typeof listed>[],
  changes: { mustRenew?: boolean; settings?: typeof settings } = {},
) => decideSubscription({ rows, listed: list, settings, storageNow, graphNow, mustRenew: false, ...changes });

describe('The plan', () => {
  it.each([
    { when: 'there is nothing at all', rows: [], list: [], then: 'create' },
    { when: 'Graph lists the one on record', rows: [row()], list: [listed()], then: 'keep' },
    {
      when: 'Graph writes the resource otherwise',
      rows: [row()],
      list: [listed('one', { resource: '/Users' })],
      then: 'keep',
    },
    {
      when: 'Graph writes the host otherwise',
      rows: [row()],
      list: [
        listed('one', {
          notificationUrl: 'https://Photos.Example:443/api/notifications',
          lifecycleUrl: 'HTTPS://photos.example/api/lifecycle',
        }),
      ],
      then: 'keep',
    },
    { when: 'Graph lists it among others', rows: [row()], list: [listed('x'), listed()], then: 'keep' },
    { when: 'it is there and another is pending', rows: [row(), pending(1)], list: [listed()], then: 'keep' },
    {
      when: 'it is there and our record of it has ended',
      rows: [row('one', { validUntil: storageNow })],
      list: [listed()],
      then: 'keep',
    },
    { when: 'Graph lists it no more', rows: [row()], list: [], then: 'create' },
    {
      when: 'Graph lists it as ended',
      rows: [row()],
      list: [listed('one', { expiresAt: graphNow })],
      then: 'create',
    },
    {
      when: 'Graph lists one for another address',
      rows: [row()],
      list: [listed('one', { notificationUrl: `${notificationUrl}/x` })],
      then: 'create',
    },
    {
      when: 'Graph lists one to something else',
      rows: [row()],
      list: [listed('one', { resource: 'groups' })],
      then: 'create',
    },
    { when: 'Graph lists one whose secret we do not have', rows: [], list: [listed()], then: 'replace' },
    {
      when: 'the one on record has no lifecycle address',
      rows: [row()],
      list: [listed('one', { lifecycleUrl: undefined })],
      then: 'replace',
    },
    {
      when: 'the one on record has another lifecycle address',
      rows: [row()],
      list: [listed('one', { lifecycleUrl: notificationUrl })],
      then: 'replace',
    },
    { when: 'one was asked for a minute ago', rows: [pending(1)], list: [], then: 'wait' },
    { when: 'one was asked for 9 minutes ago', rows: [pending(9)], list: [], then: 'wait' },
    {
      when: 'one was asked for a minute ago, and Graph lists one that may be it',
      rows: [pending(1)],
      list: [listed()],
      then: 'wait',
    },
    { when: 'one was asked for 10 minutes ago', rows: [pending(10)], list: [], then: 'create' },
    {
      when: 'one was asked for a minute ago but is not valid',
      rows: [pending(1, { validUntil: storageNow })],
      list: [],
      then: 'create',
    },
    {
      when: 'the old one is gone and a new one was asked for',
      rows: [row(), pending(1)],
      list: [],
      then: 'wait',
    },
  ])('is to $then when $when', ({ rows, list, then }) => {
    expect(decide(rows, list).plan).toBe(then);
  });

  it.each([
    { when: 'it is younger than a day', lifetime, left: lifetime - day + 1, then: 'keep' },
    { when: 'it is older than a day', lifetime, left: lifetime - day - 1, then: 'renew' },
    { when: 'it ends in a minute', lifetime, left: 1, then: 'renew' },
    { when: 'a short one has more than half its time left', lifetime: 60, left: 31, then: 'keep' },
    { when: 'a short one has less than half its time left', lifetime: 60, left: 29, then: 'renew' },
    { when: 'it lives longer than the setting says now', lifetime: 60, left: lifetime, then: 'keep' },
  ])('is to $then when $when', ({ lifetime: subscriptionLifetimeMinutes, left, then }) => {
    const plan = decide([row()], [listed('one', { expiresAt: graph(left) })], {
      settings: { ...settings, subscriptionLifetimeMinutes },
    });
    expect(plan).toMatchObject({ plan: then, current: { subscription: { id: 'one' } } });
  });

  it('is to renew when Graph asked for it, and never to an earlier end', () => {
    expect(decide([row()], [listed()], { mustRenew: true })).toMatchObject({
      plan: 'renew',
      expiresAt: graph(lifetime),
    });
    const short = { settings: { ...settings, subscriptionLifetimeMinutes: 60 }, mustRenew: true };
    expect(decide([row()], [listed()], short)).toMatchObject({
      plan: 'renew',
      expiresAt: graph(lifetime - 60),
    });
    expect(decide([], [], { mustRenew: true }).plan).toBe('create');
  });

  it.each([
    { minutes: lifetime, then: lifetime },
    { minutes: 41_760, then: 41_755 },
  ])('of $minutes minutes asks for $then from Graph’s own time', ({ minutes, then }) => {
    const plan = decide([], [], { settings: { ...settings, subscriptionLifetimeMinutes: minutes } });
    expect(plan.expiresAt).toEqual(graph(then));
  });

  it('gives a reason that tells until when, or what is missing', () => {
    expect(decide([row()], [listed()]).reason).toContain('2026-12-22T09:00:00.000Z');
    expect(decide([], []).reason).toBe('Graph lists none of ours.');
    expect(decide([], [listed()]).reason).toContain('secret');
    expect(decide([row()], [listed('one', { lifecycleUrl: undefined })]).reason).toContain('lifecycle');
  });
});

describe('Notifications may have been lost', () => {
  it.each([
    { when: 'there never was a subscription', rows: [], list: [], then: undefined },
    { when: 'it was there all the time', rows: [row()], list: [listed()], then: undefined },
    { when: 'Graph lists it no more', rows: [row()], list: [], then: 'for a while' },
    {
      when: 'it ended so long ago that its row did, too',
      rows: [row('one', { validUntil: storage(-day) })],
      list: [],
      then: 'for a while',
    },
    {
      when: 'its row has ended and it goes on',
      rows: [row('one', { validUntil: storageNow })],
      list: [listed()],
      then: 'record',
    },
    { when: 'it has no row', rows: [], list: [listed()], then: 'secret' },
    {
      when: 'it has another lifecycle address',
      rows: [row()],
      list: [listed('one', { lifecycleUrl: undefined })],
      then: undefined,
    },
  ])('$then: when $when', ({ rows, list, then }) => {
    const { gap } = decide(rows, list);
    if (then === undefined) expect(gap).toBeUndefined();
    else expect(gap).toContain(then);
  });
});

describe('Of several', () => {
  const ids = (list: { id: string }[]) => list.map(({ id }) => id);

  it.each([
    {
      when: 'both have rows',
      rows: [row('a'), row('b')],
      list: [listed('a'), listed('b', { expiresAt: graph(lifetime) })],
      stays: 'b',
      go: ['a'],
    },
    {
      when: 'both are the same',
      rows: [row('b'), row('a')],
      list: [listed('b'), listed('a')],
      stays: 'a',
      go: ['b'],
    },
    {
      when: 'the one that lives longer has no row',
      rows: [row('a')],
      list: [listed('b', { expiresAt: graph(lifetime) }), listed('a')],
      stays: 'a',
      go: ['b'],
    },
    {
      when: 'one has no row yet but may be the one asked for',
      rows: [row('a'), pending(1)],
      list: [listed('a'), listed('b')],
      stays: 'a',
      go: [],
    },
    {
      when: 'the one that lives longer has no lifecycle address',
      rows: [row('a'), row('b')],
      list: [listed('a'), listed('b', { expiresAt: graph(lifetime), lifecycleUrl: undefined })],
      stays: 'a',
      go: ['b'],
    },
    {
      when: 'none can stay, none goes yet',
      rows: [],
      list: [listed('a'), listed('b')],
      stays: undefined,
      go: [],
    },
  ])('$stays stays and $go go when $when', ({ rows, list, stays, go }) => {
    const { current, extras } = decide(rows, list);
    expect(current?.subscription.id).toBe(stays);
    expect(ids(extras)).toEqual(go);
  });

  it.each([
    { when: 'another address', changes: { notificationUrl: 'https://other.example/api/notifications' } },
    { when: 'another resource', changes: { resource: 'groups' } },
    { when: 'one person only', changes: { resource: 'users/5a0c8d3e-0000-4000-8000-000000000000' } },
  ])('one that is for $when is a stranger and never goes', ({ changes }) => {
    const plan = decide([row()], [listed(), listed('x', changes)]);
    expect(ids(plan.strangers)).toEqual(['x']);
    expect(plan.extras).toEqual([]);
  });
});

describe('Rows', () => {
  it.each([
    { when: 'they are valid', rows: [row(), pending(1)], stale: [] },
    { when: 'one has ended', rows: [row(), row('two', { validUntil: storageNow })], stale: [1] },
    { when: 'one has been pending for 10 minutes', rows: [pending(10), row()], stale: [0] },
    {
      when: 'one has ended whose subscription Graph lists still',
      rows: [row(), row('x', { validUntil: storageNow })],
      stale: [],
    },
  ])('are stale: $stale, when $when', ({ rows, stale }) => {
    const list = [listed(), listed('x', { expiresAt: graph(60) })];
    expect(decide(rows, list).stale).toEqual(stale.map((index) => rows[index]));
  });

  it.each([
    { when: 'Graph lists it no more', rows: [row(), row('gone')], retired: [1] },
    {
      when: 'Graph does not list it yet',
      rows: [row(), row('new', { createdAt: storage(-9) })],
      retired: [],
    },
    { when: 'it is to be deleted', rows: [row(), row('extra')], retired: [1] },
    {
      when: 'it was retired before',
      rows: [row(), row('gone', { validUntil: storage(200) })],
      retired: [],
    },
    { when: 'it is a stranger’s', rows: [row(), row('stranger')], retired: [] },
  ])('are good for 4 hours more: $retired, when $when', ({ rows, retired }) => {
    const list = [
      listed(),
      listed('extra', { expiresAt: graph(60) }),
      listed('stranger', { notificationUrl: 'https://other.example/' }),
    ];
    const plan = decide(rows, list);
    expect(plan.retired).toEqual(retired.map((index) => rows[index]));
    expect(plan.retiredUntil).toEqual(storage(240));
  });
});

import { decideSubscription } from '../../src/subscription/decide-subscription';

const now = new Date('2026-11-24T09:00:00Z');
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const url = 'https://photos.example/api/notifications';

const bound = (changes = {}) => ({
  subscriptionId: 'one' as string | undefined,
  createdAt: inMinutes(-600),
  validUntil: inMinutes(600),
  ...changes,
});
const pending = (minutesOld: number, changes = {}) =>
  bound({ subscriptionId: undefined, createdAt: inMinutes(-minutesOld), ...changes });
const listed = (changes = {}) => ({
  id: 'one',
  resource: 'users',
  notificationUrl: url,
  expiresAt: inMinutes(600),
  ...changes,
});

describe('The subscription', () => {
  it.each([
    { when: 'there is nothing at all', rows: [], graph: [], then: 'create' },
    { when: 'Graph lists the one on record', rows: [bound()], graph: [listed()], then: 'keep' },
    {
      when: 'Graph writes the resource otherwise',
      rows: [bound()],
      graph: [listed({ resource: '/Users' })],
      then: 'keep',
    },
    {
      when: 'Graph lists it among others',
      rows: [bound()],
      graph: [listed({ id: 'x' }), listed()],
      then: 'keep',
    },
    {
      when: 'it is there and another is pending',
      rows: [bound(), pending(1)],
      graph: [listed()],
      then: 'keep',
    },
    { when: 'Graph lists it no more', rows: [bound()], graph: [], then: 'create' },
    {
      when: 'Graph lists it as expired',
      rows: [bound()],
      graph: [listed({ expiresAt: now })],
      then: 'create',
    },
    {
      when: 'our record of it has expired',
      rows: [bound({ validUntil: now })],
      graph: [listed()],
      then: 'create',
    },
    { when: 'Graph lists one whose secret we do not have', rows: [], graph: [listed()], then: 'create' },
    {
      when: 'Graph lists one for another address',
      rows: [bound()],
      graph: [listed({ notificationUrl: `${url}/x` })],
      then: 'create',
    },
    {
      when: 'Graph lists one to something else',
      rows: [bound()],
      graph: [listed({ resource: 'groups' })],
      then: 'create',
    },
    { when: 'one was asked for a minute ago', rows: [pending(1)], graph: [], then: 'wait' },
    { when: 'one was asked for 9 minutes ago', rows: [pending(9)], graph: [], then: 'wait' },
    {
      when: 'one was asked for a minute ago, and Graph lists one that may be it',
      rows: [pending(1)],
      graph: [listed()],
      then: 'wait',
    },
    { when: 'one was asked for 10 minutes ago', rows: [pending(10)], graph: [], then: 'create' },
    {
      when: 'one was asked for a minute ago but is not valid',
      rows: [pending(1, { validUntil: now })],
      graph: [],
      then: 'create',
    },
    {
      when: 'the old one is gone and a new one was asked for',
      rows: [bound(), pending(1)],
      graph: [],
      then: 'wait',
    },
  ])('is to $then when $when', ({ rows, graph, then }) => {
    expect(decideSubscription(rows, graph, url, now).plan).toBe(then);
  });

  it.each([
    { when: 'rows are valid', rows: [bound(), pending(1)], then: [] },
    { when: 'one has expired', rows: [bound(), bound({ validUntil: now })], then: [1] },
    { when: 'one has been pending for 10 minutes', rows: [pending(10), bound()], then: [0] },
    {
      when: 'one is bound but Graph lists it no more, for its notifications may still be on their way',
      rows: [bound({ subscriptionId: 'two' })],
      then: [],
    },
  ])('has stale rows $then when $when', ({ rows, then }) => {
    expect(decideSubscription(rows, [listed()], url, now).stale).toEqual(then.map((index) => rows[index]));
  });

  it('gives a reason that tells until when, or what is missing', () => {
    expect(decideSubscription([bound()], [listed()], url, now).reason).toContain('2026-11-24T19:00:00.000Z');
    expect(decideSubscription([], [], url, now).reason).toBe('Graph lists none of ours.');
    expect(decideSubscription([], [listed()], url, now).reason).toContain('secret');
  });
});

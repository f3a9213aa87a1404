import { sha256Hex } from '../../src/notifications/client-state';
import { decideEvents } from '../../src/notifications/decide-events';
import type { KnownSubscription } from '../../src/notifications/decide-sender';
import { alex, bea, otherTenantId, tenantId } from '../support/ids';
import { notification, secret, subscriptionId } from '../support/notification';

const now = new Date('2026-11-24T09:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

const bound = (changes: Partial<KnownSubscription> = {}): KnownSubscription => ({
  subscriptionId,
  secretSha256: sha256Hex(secret),
  createdAt: minutesAgo(600),
  validUntil: minutesAgo(-600),
  ...changes,
});
const pending = (changes: Partial<KnownSubscription> = {}) =>
  bound({ subscriptionId: undefined, createdAt: minutesAgo(1), ...changes });

const decide = (items: unknown[], subscriptions: KnownSubscription[] = [bound()]) =>
  decideEvents(items, { tenantId, subscriptions, now });

const refusedOf = (items: unknown[], subscriptions?: KnownSubscription[]) =>
  Object.fromEntries(decide(items, subscriptions).refused);

describe('An item of a notification', () => {
  it.each([
    { when: 'it is as Graph sends it', item: notification() },
    { when: 'it tells of a new account', item: notification({ changeType: 'created' }) },
    { when: 'the resource is in lower case', item: notification({ resource: `users/${alex}` }) },
    { when: 'the resource begins with a slash', item: notification({ resource: `/Users/${alex}` }) },
    { when: 'the ids are in upper case', item: notification({ personId: alex.toUpperCase() }) },
    {
      when: 'the two ids differ in case only',
      item: notification({ resourceData: { id: alex.toUpperCase() } }),
    },
    { when: 'there is no resourceData', item: notification({ resourceData: undefined }) },
    { when: 'resourceData is null', item: notification({ resourceData: null }) },
    { when: 'resourceData has no id', item: notification({ resourceData: { sequenceNumber: 1 } }) },
    { when: 'the tenant is in upper case', item: notification({ tenantId: tenantId.toUpperCase() }) },
    { when: 'it has an id of its own', item: notification({ id: 'x', eventTime: 'y' }) },
    {
      when: 'its expiry is past',
      item: notification({ subscriptionExpirationDateTime: '1999-01-01T00:00:00Z' }),
    },
    {
      when: 'its expiry is in the year 9999',
      item: notification({ subscriptionExpirationDateTime: '9999-12-31T23:59:59Z' }),
    },
    { when: 'its expiry is no time', item: notification({ subscriptionExpirationDateTime: { a: 1 } }) },
    { when: 'it has no expiry', item: notification({ subscriptionExpirationDateTime: undefined }) },
    {
      when: 'the data says that it is a group, somewhere else',
      item: notification({
        resourceData: {
          '@odata.type': '#Microsoft.Graph.Group',
          '@odata.id': 'https://evil.example/',
          id: alex,
        },
      }),
    },
    {
      when: 'it has rich content',
      item: notification({ encryptedContent: { data: 'x', dataKey: 'y' }, validationTokens: ['z'] }),
    },
    { when: 'it has a lifecycle event', item: notification({ lifecycleEvent: 'missed' }) },
    { when: 'it has other fields', item: notification({ constructor: 1, toString: 2, hasOwnProperty: 3 }) },
  ])('makes an event when $when', ({ item }) => {
    expect(decide([item])).toEqual({ personIds: [alex], refused: new Map(), toBind: new Map() });
  });

  it.each([
    { when: 'it is null', item: null, then: 'malformed' },
    { when: 'it is a number', item: 1, then: 'malformed' },
    { when: 'it is a text', item: 'x', then: 'malformed' },
    { when: 'it is an array', item: [notification()], then: 'malformed' },
    { when: 'it is empty', item: {}, then: 'malformed' },
    {
      when: 'the subscription is missing',
      item: notification({ subscriptionId: undefined }),
      then: 'malformed',
    },
    { when: 'the subscription is a number', item: notification({ subscriptionId: 1 }), then: 'malformed' },
    { when: 'the tenant is missing', item: notification({ tenantId: undefined }), then: 'malformed' },
    { when: 'the resource is missing', item: notification({ resource: undefined }), then: 'malformed' },
    { when: 'the change is missing', item: notification({ changeType: undefined }), then: 'malformed' },
    { when: 'the id is a number', item: notification({ resourceData: { id: 7 } }), then: 'malformed' },
    {
      when: 'the id has 10 KB',
      item: notification({ resourceData: { id: 'a'.repeat(10_240) } }),
      then: 'malformed',
    },
    { when: 'resourceData is a text', item: notification({ resourceData: alex }), then: 'malformed' },
    {
      when: 'its fields are only inherited',
      item: JSON.parse(`{"__proto__":${JSON.stringify(notification())}}`) as unknown,
      then: 'malformed',
    },
    {
      when: 'the subscription is unknown',
      item: notification({ subscriptionId: alex }),
      then: 'unknown subscription',
    },
    {
      when: 'the subscription is empty',
      item: notification({ subscriptionId: '' }),
      then: 'unknown subscription',
    },
    {
      when: 'the subscription is named __proto__',
      item: notification({ subscriptionId: '__proto__' }),
      then: 'unknown subscription',
    },
    {
      when: 'the clientState is missing',
      item: notification({ clientState: undefined }),
      then: 'malformed',
    },
    { when: 'the clientState is null', item: notification({ clientState: null }), then: 'wrong clientState' },
    {
      when: 'the clientState is an array',
      item: notification({ clientState: [secret] }),
      then: 'wrong clientState',
    },
    {
      when: 'the clientState is another',
      item: notification({ clientState: 'x' }),
      then: 'wrong clientState',
    },
    { when: 'the tenant is another', item: notification({ tenantId: otherTenantId }), then: 'other tenant' },
    { when: 'the tenant is empty', item: notification({ tenantId: '' }), then: 'other tenant' },
    { when: 'the account was deleted', item: notification({ changeType: 'deleted' }), then: 'not a change' },
    { when: 'the change is unknown', item: notification({ changeType: 'Updated ' }), then: 'not a change' },
    {
      when: 'two changes are named',
      item: notification({ changeType: 'updated,deleted' }),
      then: 'not a change',
    },
    {
      when: 'the two ids differ',
      item: notification({ resource: `Users/${bea}` }),
      then: 'not a user',
    },
  ])('is dropped as $then when $when', ({ item, then }) => {
    expect(refusedOf([item])).toEqual({ [then]: 1 });
    expect(decide([item]).personIds).toEqual([]);
  });

  it.each([
    'https://evil.example/',
    `https://evil.example/users/${alex}`,
    `//evil.example/users/${alex}`,
    `//users/${alex}`,
    `Users/../groups/${alex}`,
    `users/${alex}/../x`,
    `users/${alex}/`,
    `users/${alex}?$expand=manager`,
    `users/${alex}#x`,
    `users/${alex} `,
    `users/${alex}\n`,
    `users/${alex}\u0000`,
    `users\\${alex}`,
    `users%2f${alex}`,
    'users/%2e%2e',
    `users('${alex}')`,
    `groups/${alex}`,
    'users/alex@contoso.example',
    "users/o'neil",
    'users/me',
    'users/',
    'users',
    '',
    alex,
  ])('is dropped when its resource is %j', (resource) => {
    expect(refusedOf([notification({ resource })])).toEqual({ 'not a user': 1 });
    expect(refusedOf([notification({ resource, resourceData: undefined })])).toEqual({ 'not a user': 1 });
  });

  it.each([
    '',
    'x',
    `${alex}/`,
    `${alex}\u0000`,
    `{${alex}}`,
    alex.replaceAll('-', ''),
    "a'b",
    '../x',
    '__proto__',
  ])('is dropped when its id is %j', (id) => {
    expect(refusedOf([notification({ resourceData: { id } })])).toEqual({ 'not a user': 1 });
    expect(decide([notification({ personId: id })]).personIds).toEqual([]);
  });
});

describe('A subscription', () => {
  const other = '99999999-aaaa-4bbb-8ccc-dddddddddddd';
  const old = { subscriptionId: other, secretSha256: sha256Hex('the former secret') };

  it.each([
    { when: 'it ends now', rows: [bound({ validUntil: now })], then: 'unknown subscription' },
    { when: 'it ended', rows: [bound({ validUntil: minutesAgo(1) })], then: 'unknown subscription' },
    {
      when: 'its end is not known',
      rows: [bound({ validUntil: new Date(Number.NaN) })],
      then: 'unknown subscription',
    },
    {
      when: 'its hash can’t be read',
      rows: [bound({ secretSha256: 'undefined' })],
      then: 'wrong clientState',
    },
    { when: 'there are none', rows: [], then: 'unknown subscription' },
  ])('counts no more when $when', ({ rows, then }) => {
    expect(refusedOf([notification()], rows)).toEqual({ [then]: 1 });
  });

  it('that was replaced is taken with its own secret for as long as it is valid', () => {
    const item = notification({ subscriptionId: other, clientState: 'the former secret' });
    expect(decide([item], [bound(), bound(old)]).personIds).toEqual([alex]);
    expect(decide([item], [bound(), bound({ ...old, validUntil: now })]).personIds).toEqual([]);
  });

  it('is not taken with the secret of another', () => {
    const rows = [bound(), bound(old)];
    expect(refusedOf([notification({ subscriptionId: other })], rows)).toEqual({ 'wrong clientState': 1 });
    expect(refusedOf([notification({ clientState: 'the former secret' })], rows)).toEqual({
      'wrong clientState': 1,
    });
  });
});

describe('A pending subscription', () => {
  it('is bound to the first id that comes with its secret', () => {
    const row = pending();
    const decision = decide([notification(), notification({ personId: bea })], [row]);
    expect(decision.personIds).toEqual([alex, bea]);
    expect(decision.toBind).toEqual(new Map([[subscriptionId, row]]));
  });

  it('is not bound to a second id of the same POST', () => {
    const decision = decide(
      [notification(), notification({ subscriptionId: 'another', personId: bea })],
      [pending()],
    );
    expect(decision.personIds).toEqual([alex]);
    expect([...decision.toBind.keys()]).toEqual([subscriptionId]);
    expect(Object.fromEntries(decision.refused)).toEqual({ 'unknown subscription': 1 });
  });

  it('is not bound twice where two are pending', () => {
    const [one, two] = [pending(), pending({ secretSha256: sha256Hex('two') })];
    const items = [
      notification(),
      notification({ subscriptionId: 'second', clientState: 'two', personId: bea }),
    ];
    expect(decide(items, [one, two]).toBind).toEqual(
      new Map([
        [subscriptionId, one],
        ['second', two],
      ]),
    );
  });

  it.each([
    { when: 'the secret is another', row: pending({ secretSha256: sha256Hex('x') }) },
    { when: 'it has been pending for 10 minutes', row: pending({ createdAt: minutesAgo(10) }) },
    { when: 'it is no longer valid', row: pending({ validUntil: now }) },
    { when: 'its age is not known', row: pending({ createdAt: new Date(Number.NaN) }) },
  ])('is left alone when $when', ({ row }) => {
    const decision = decide([notification()], [row]);
    expect(decision.toBind.size).toBe(0);
    expect(Object.fromEntries(decision.refused)).toEqual({ 'unknown subscription': 1 });
  });

  it('does not touch the rest: the id of another is judged by its own secret', () => {
    const decision = decide(
      [notification({ clientState: 'x' })],
      [bound(), pending({ secretSha256: sha256Hex('x') })],
    );
    expect(Object.fromEntries(decision.refused)).toEqual({ 'wrong clientState': 1 });
    expect(decision.toBind.size).toBe(0);
  });
});

describe('A POST', () => {
  it('makes one event a person, in the order of the items', () => {
    const items = [bea, alex, bea.toUpperCase(), alex].map((personId) => notification({ personId }));
    expect(decide(items).personIds).toEqual([bea, alex]);
  });

  it('with one good item among 99 forged ones makes that one event', () => {
    const items: unknown[] = Array.from({ length: 99 }, () =>
      notification({ clientState: 'guess', personId: bea }),
    );
    items.splice(50, 0, notification());
    const decision = decide(items);
    expect(decision.personIds).toEqual([alex]);
    expect(Object.fromEntries(decision.refused)).toEqual({ 'wrong clientState': 99 });
  });

  it('with keys of Object.prototype leaves Object.prototype as it is', () => {
    const item = JSON.parse(
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    ) as unknown;
    decide([item]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

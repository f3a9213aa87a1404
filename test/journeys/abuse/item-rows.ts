import { alex, otherTenantId, personIds } from '../../support/ids';
import { canary, item, subscriptions } from './subscriptions';

/** Items of a notification, which is answered with 202 whatever they are, and the people they make events for. */
export interface ItemRow {
  row: number;
  when: string;
  items: unknown[];
  /** Object ids; none where it is left out. */
  people?: string[];
}

const { current, former, expired } = subscriptions;
const secret = current.clientState;

const withSecret = (clientState: unknown) => [item({ clientState })];
const about = (resource: string, id: unknown = alex) => [item({ resource, resourceData: { id, canary } })];

export const itemRows: ItemRow[] = [
  { row: 14, when: 'clientState is missing', items: withSecret(undefined) },
  { row: 14, when: 'clientState is null', items: withSecret(null) },
  { row: 14, when: 'clientState is a number', items: withSecret(1) },
  { row: 14, when: 'clientState is an array of the secret', items: withSecret([secret]) },
  { row: 14, when: 'clientState is an object', items: withSecret({ toString: secret }) },
  { row: 14, when: 'clientState is empty', items: withSecret('') },
  { row: 14, when: 'clientState has 129 characters', items: withSecret(secret.padEnd(129, 'x')) },
  { row: 14, when: 'clientState is padded in front', items: withSecret(` ${secret}`) },
  { row: 14, when: 'clientState is padded behind', items: withSecret(`${secret} `) },
  { row: 14, when: 'clientState is in upper case', items: withSecret(secret.toUpperCase()) },
  { row: 14, when: 'clientState has a Unicode look-alike', items: withSecret(secret.replace('a', '\u0430')) },
  { row: 14, when: 'clientState is the beginning of the secret', items: withSecret(secret.slice(0, -1)) },

  {
    row: 15,
    when: 'the subscription is unknown and the secret right',
    items: [item({ subscriptionId: alex })],
  },
  { row: 15, when: 'the subscription is empty and the secret right', items: [item({ subscriptionId: '' })] },
  {
    row: 15,
    when: 'the subscription is another and the secret right',
    items: [item({ ...former, clientState: secret })],
  },

  { row: 16, when: 'the tenant is another and the secret right', items: [item({ tenantId: otherTenantId })] },
  { row: 16, when: 'the tenant is missing and the secret right', items: [item({ tenantId: undefined })] },

  {
    row: 17,
    when: 'one item is good and 99 are forged',
    items: [...Array.from({ length: 99 }, (_, n) => item({ clientState: `guess ${String(n)}` })), item()],
    people: [alex],
  },
  {
    row: 18,
    when: 'all 1,000 items are forged',
    items: Array.from({ length: 1000 }, () => item({ clientState: 'guess' })),
  },

  { row: 19, when: 'the secret is the former one, within its window', items: [item(former)], people: [alex] },
  { row: 19, when: 'the secret is the former one, after its window', items: [item(expired)] },
  {
    row: 19,
    when: 'the secret is the former one, but the subscription is new',
    items: withSecret(former.clientState),
  },

  ...[
    'https://evil.example/',
    `https://evil.example/users/${alex}`,
    `Users/../groups/${alex}`,
    `users/${alex}?$expand=manager`,
    `//evil.example/${alex}`,
    `//users/${alex}`,
    'users/%2e%2e',
    `users\\${alex}`,
    `groups/${alex}`,
    'users/me',
  ].map((resource) => ({ row: 21, when: `the resource is ${resource}`, items: about(resource) })),
  {
    row: 21,
    when: 'the resource names somebody else than the data',
    items: about(`Users/${personIds(1)[0]!}`),
  },

  { row: 22, when: 'the id is no GUID', items: about('Users/alex', 'alex') },
  {
    row: 22,
    when: 'the id is in upper case',
    items: about(`Users/${alex.toUpperCase()}`, alex.toUpperCase()),
    people: [alex],
  },
  { row: 22, when: 'the id has a NUL', items: about(`Users/${alex}\u0000`, `${alex}\u0000`) },
  { row: 22, when: 'the id has 10 KB', items: about(`Users/${'a'.repeat(10_240)}`, 'a'.repeat(10_240)) },
  { row: 22, when: 'the id has an apostrophe', items: about("Users/a' or 1 eq 1", "a' or 1 eq 1") },
  { row: 22, when: 'the id has a slash', items: about(`Users/${alex}/photo`, `${alex}/photo`) },
  { row: 22, when: 'the id is a number', items: about(`Users/${alex}`, 7) },

  {
    row: 23,
    when: 'the data says that it is a group, elsewhere',
    items: [
      item({
        resourceData: {
          '@odata.type': '#Microsoft.Graph.Group',
          '@odata.id': 'https://evil.example/',
          id: alex,
        },
      }),
    ],
    people: [alex],
  },
  { row: 24, when: 'the change is a deletion', items: [item({ changeType: 'deleted' })] },
  { row: 24, when: 'the change is unknown', items: [item({ changeType: 'exploded' })] },
  ...['1999-01-01T00:00:00Z', '9999-12-31T23:59:59Z', 'garbage', { a: 1 }].map(
    (subscriptionExpirationDateTime) => ({
      row: 25,
      when: `the expiry is ${JSON.stringify(subscriptionExpirationDateTime)}`,
      items: [item({ subscriptionExpirationDateTime })],
      people: [alex],
    }),
  ),
  {
    row: 26,
    when: 'it is a lifecycle event, known or not, with the right secret',
    items: ['subscriptionRemoved', 'missed', 'exploded'].map((lifecycleEvent) => ({
      ...current,
      canary,
      tenantId: item().tenantId,
      lifecycleEvent,
    })),
  },
  {
    row: 26,
    when: 'it is a forged lifecycle event',
    items: [item({ clientState: 'guess', lifecycleEvent: 'subscriptionRemoved' })],
  },
  {
    row: 26,
    when: 'subscriptionRemoved is sent a thousand times',
    items: Array.from({ length: 1000 }, () => ({
      ...current,
      canary,
      tenantId: item().tenantId,
      lifecycleEvent: 'subscriptionRemoved',
    })),
  },
  {
    row: 27,
    when: 'there is rich content',
    items: [
      item({
        encryptedContent: { data: canary, dataKey: canary, dataSignature: canary },
        validationTokens: [canary],
      }),
    ],
    people: [alex],
  },
  {
    row: 29,
    when: 'there are fields that nobody knows',
    items: [
      item({
        id: canary,
        eventTime: canary,
        pictureUrl: 'https://evil.example/',
        nested: { deep: [canary] },
      }),
    ],
    people: [alex],
  },
];

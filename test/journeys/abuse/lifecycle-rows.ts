import { alex, otherTenantId } from '../../support/ids';
import { canary, item, subscriptions } from './subscriptions';

/** Items of a lifecycle notification, which is answered with 202 whatever they are, and what is queued of them. */
export interface LifecycleRow {
  row: number;
  when: string;
  items: unknown[];
  /** In one message; none where it is left out. */
  events?: string[];
}

const { current, former, expired } = subscriptions;
const secret = current.clientState;

const told = (lifecycleEvent: unknown = 'missed', changes: Record<string, unknown> = {}) => ({
  ...current,
  canary,
  tenantId: item().tenantId,
  lifecycleEvent,
  subscriptionExpirationDateTime: 'garbage',
  ...changes,
});
const withSecret = (clientState: unknown) => [told('missed', { clientState })];

export const lifecycleRows: LifecycleRow[] = [
  { row: 14, when: 'clientState is missing', items: withSecret(undefined) },
  { row: 14, when: 'clientState is a number', items: withSecret(1) },
  { row: 14, when: 'clientState is an array of the secret', items: withSecret([secret]) },
  { row: 14, when: 'clientState is empty', items: withSecret('') },
  { row: 14, when: 'clientState is padded', items: withSecret(`${secret} `) },
  { row: 14, when: 'clientState is in upper case', items: withSecret(secret.toUpperCase()) },
  { row: 15, when: 'the subscription is unknown', items: [told('missed', { subscriptionId: alex })] },
  { row: 16, when: 'the tenant is another', items: [told('missed', { tenantId: otherTenantId })] },
  { row: 16, when: 'the tenant is missing', items: [told('missed', { tenantId: undefined })] },
  {
    row: 17,
    when: 'one item is good and 99 are forged',
    items: [
      ...Array.from({ length: 99 }, () => told('subscriptionRemoved', { clientState: 'guess' })),
      told(),
    ],
    events: ['missed'],
  },
  {
    row: 19,
    when: 'the secret is the former one, within its window',
    items: [told('missed', former)],
    events: ['missed'],
  },
  { row: 19, when: 'the secret is the former one, after its window', items: [told('missed', expired)] },
  {
    row: 26,
    when: 'there are all the events',
    items: [told('reauthorizationRequired'), told('subscriptionRemoved'), told('missed')],
    events: ['reauthorizationRequired', 'subscriptionRemoved', 'missed'],
  },
  { row: 26, when: 'the event is unknown', items: [told('exploded')] },
  { row: 26, when: 'the event is no text', items: [told(1), told(null), told(['missed'])] },
  {
    row: 26,
    when: 'the event is called like what every object has',
    items: [told('toString'), told('__proto__')],
  },
  { row: 26, when: 'it is forged', items: [told('subscriptionRemoved', { clientState: 'guess' })] },
  {
    row: 26,
    when: 'subscriptionRemoved is told a thousand times',
    items: Array.from({ length: 1000 }, () => told('subscriptionRemoved')),
    events: ['subscriptionRemoved'],
  },
  { row: 26, when: 'it is a notification about a person', items: [item()] },
  {
    row: 29,
    when: 'there are fields that nobody knows',
    items: [told('missed', { resource: 'https://evil.example/', nested: [canary] })],
    events: ['missed'],
  },
];

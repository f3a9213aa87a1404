import { applying, type ApplyingRequest } from '../../support/applying-requests';
import type { ServiceFault } from '../../support/control-api';
import type { Failure } from './failures';
import type { Laboratory } from './laboratory';

/** The requests of the apply path, in their order, and what the app does when one fails. */
export interface RequestRow {
  request: string;
  /** Where it is met. `clientId`: of the app that asks. */
  at: (who: Who) => Pick<ServiceFault, 'service' | 'match' | 'skip'>;
  /** The address tells of nobody, so no other request of its kind may be on its way. */
  isNameless?: true;
  /** Nothing has been asked of this host yet. */
  isToken?: true;
  /** The person is claimed by then: what comes back has to write. */
  isClaimed: boolean;
  /** Where it does not simply come back. */
  but?: Partial<Record<Failure, string>>;
}

interface Who {
  personId: string;
  userPrincipalName: string;
  clientId: string;
  hosts: Laboratory['hosts'];
}

type ServiceName = {
  [Name in keyof typeof applying]: (typeof applying)[Name] extends { service: unknown } ? Name : never;
}[keyof typeof applying];

const known = (name: ServiceName, { personId, userPrincipalName }: Who, more: { skip?: number } = {}) => {
  const { service, match }: Extract<ApplyingRequest, { service: unknown }> = applying[name];
  const person = { id: personId, userPrincipalName } as Parameters<typeof match>[0]['person'];
  return { service, match: match({ person, messageId: '' }), ...more };
};
const partOfBatch =
  (rest: string) =>
  ({ personId }: Who) => ({
    service: 'graph' as const,
    match: `/users/${personId}${rest}`,
  });
const token = (host: keyof Laboratory['hosts']): Pick<RequestRow, 'at' | 'isToken' | 'but'> => ({
  at: ({ clientId, hosts }) => ({
    service: 'identity',
    match: `(?=.*resource=${encodeURIComponent(hosts[host])})(?=.*client_id=${clientId})`,
  }),
  isToken: true,
  // The identity's own client reads the answer, and does not say how long to wait.
  but: { '429 for 7 s': 'comes back after 60 s', '429 until a date': 'comes back after 60 s' },
});

/** What SharePoint says of a request that is wrong, or of a state nobody has thought of: the queue's tries are for that. */
const refusedForGood = { '409': 'is tried again', '412': 'is tried again', '423': 'is tried again' };
const noPicture = { '404': 'ends with the plan apply' };

export const requestRows: RequestRow[] = [
  { request: 'the token for Graph', ...token('graph'), isClaimed: false },
  {
    request: 'the look',
    at: (who) => known('looking', who),
    isClaimed: false,
    but: { '404': 'ends with the plan skip' },
  },
  {
    request: 'the batch',
    at: (who) => known('reading the pictures', who),
    isNameless: true,
    isClaimed: false,
  },
  {
    request: 'the account in the batch',
    at: partOfBatch('\\?'),
    isClaimed: false,
    but: { '404': 'ends with the plan skip' },
  },
  { request: 'the S picture in the batch', at: partOfBatch('/photos/48'), isClaimed: false, but: noPicture },
  { request: 'the M picture in the batch', at: partOfBatch('/photos/96'), isClaimed: false, but: noPicture },
  { request: 'the L picture in the batch', at: partOfBatch('/photos/360'), isClaimed: false, but: noPicture },
  { request: 'the token for the admin site', ...token('admin'), isClaimed: true },
  {
    request: 'the profile',
    at: (who) => known('reading the profile', who),
    isClaimed: true,
    but: { ...refusedForGood, '404': 'is tried again' },
  },
  { request: 'the token for the My Site host', ...token('mysite'), isClaimed: true },
  {
    request: 'the folder',
    at: (who) => known('finding the folder', who),
    isNameless: true,
    isClaimed: true,
    but: { ...refusedForGood, '404': 'is tried again' },
  },
  { request: 'the S file', at: (who) => known('writing S', who), isClaimed: true, but: refusedForGood },
  { request: 'the M file', at: (who) => known('writing M', who), isClaimed: true, but: refusedForGood },
  { request: 'the L file', at: (who) => known('writing L', who), isClaimed: true, but: refusedForGood },
  {
    request: 'the properties',
    at: (who) => known('setting the properties', who),
    isNameless: true,
    isClaimed: true,
  },
  {
    request: 'the look after',
    at: (who) => known('looking', who, { skip: 1 }),
    isClaimed: true,
  },
];

/** What becomes of an event, in words. */
export function expected({ isClaimed, but }: RequestRow, failure: Failure): string {
  const special = but?.[failure];
  const seconds = failure === '429 for 7 s' ? 7 : failure === '429 until a date' ? 30 : 60;
  const words = special ?? `comes back after ${String(seconds)} s`;
  return isClaimed && words.startsWith('comes back') ? `${words}, forced` : words;
}

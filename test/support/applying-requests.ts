import { poisonQueueOf, queueNames } from '../../src/storage/names';
import type { SimFile } from './control-api';
import type { LoggedRequest, SimPerson } from './journey';
import type { StorageRuleOptions } from './storage-proxy';

/** An event about a person, in the queue. */
export interface QueuedEvent {
  person: SimPerson;
  messageId: string;
}

/** One of the requests that applying a photo is made of: how it is known among others. */
export type ApplyingRequest = StorageRequest | ServiceRequest;

interface StorageRequest {
  storage: (event: QueuedEvent) => StorageRuleOptions;
}

interface ServiceRequest {
  service: LoggedRequest['service'];
  /** Over `METHOD /path?query`. */
  match: (event: QueuedEvent) => string;
  /** For a request that writes: whether SharePoint has it, as the tenant's books say. */
  isDone?: (person: SimPerson, files: readonly SimFile[]) => boolean;
}

const messages = `/(${queueNames.photoChanged}|${queueNames.photoChangedBacklog})/messages`;

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const writesRow =
  (...words: string[]) =>
  ({ person }: QueuedEvent): StorageRuleOptions => ({
    match: /^(POST|PATCH|PUT) \S*\/PhotoSyncPeople/,
    body: (text) =>
      text.includes(`"RowKey":"${person.id}"`) && words.every((word) => text.includes(`"${word}`)),
  });

const writesLook =
  (word: string) =>
  ({ person }: QueuedEvent): StorageRuleOptions => ({
    match: /^(POST|PATCH|PUT) \S*\/PhotoSyncPeople/,
    body: (text) => text.includes(`"RowKey":"${person.id}:look"`) && text.includes(`"${word}"`),
  });

/** Rows of all people: they name nobody. */
const readsControl = (partition: string): StorageRequest => ({
  storage: () => ({ match: new RegExp(`^GET \\S*/PhotoSyncControl\\(PartitionKey='${partition}'`) }),
});
const writesControl = (partition: string): StorageRequest => ({
  storage: () => ({
    match: /^(POST|PATCH|PUT) \S*\/PhotoSyncControl/,
    body: (text) => text.includes(`"PartitionKey":"${partition}"`),
  }),
});

const file = (letter: 'S' | 'M' | 'L'): ServiceRequest => ({
  service: 'mysite',
  match: ({ person }) => `^POST \\S+AddUsingPath\\S+m365-${person.id}_${letter}Thumb`,
  isDone: ({ id }, files) => files.some(({ path }) => path.endsWith(`/m365-${id}_${letter}Thumb.jpg`)),
});

/** In the order in which an event makes them. Some name nobody, and so can't be told from another event's. */
export const applying = {
  'receiving the message': {
    storage: () => ({ match: new RegExp(`^GET \\S*/${queueNames.photoChanged}/messages`) }),
  },
  'reading the row': { storage: ({ person }) => ({ match: new RegExp(`^GET \\S*RowKey='${person.id}'`) }) },
  'reading the last look': {
    storage: ({ person }) => ({ match: new RegExp(`^GET \\S*RowKey='${person.id}%3Alook'`) }),
  },
  'noting the look': { storage: writesLook('lookingSince') },
  'noting the next look': { storage: writesLook('nextLookAt') },
  'sending a copy': {
    storage: ({ person }) => ({ match: new RegExp(`^POST \\S*${messages}`), body: carriesEvent(person.id) }),
  },
  'getting a token': { service: 'identity', match: () => '^GET /msi/token' },
  looking: { service: 'graph', match: ({ person }) => `^GET /v1\\.0/users/${person.id}/photo$` },
  'reading the pictures': { service: 'graph', match: () => '^POST /v1\\.0/\\$batch' },
  claiming: { storage: writesRow('dirty":true') },
  'reading the pause': { storage: () => ({ match: /^GET \S*\/PhotoSyncControl\(\)\?\S*control/ }) },
  'reading who has the same picture': readsControl('breaker-pictures'),
  'noting who has the same picture': writesControl('breaker-pictures'),
  'reading the budget': readsControl('budget'),
  'reserving from the budget': writesControl('budget'),
  'reading the profile': {
    service: 'admin',
    match: ({ person }) => `GetPropertiesFor\\S+${profileOf(person)}`,
  },
  'finding the folder': { service: 'mysite', match: () => '^GET \\S+/Folders' },
  'keeping the earlier properties': { storage: writesRow('earlierProperties') },
  'writing S': file('S'),
  'writing M': file('M'),
  'writing L': file('L'),
  'setting the properties': {
    service: 'admin',
    match: () => 'ProcessQuery$',
    isDone: ({ sharePoint, id }) => sharePoint?.pictureUrl.includes(`m365-${id}`) === true,
  },
  closing: { storage: writesRow('dirty":false') },
  'deleting the message': {
    storage: ({ messageId }) => ({ match: new RegExp(`^DELETE \\S*${messages}/${messageId}`) }),
  },
} as const satisfies Record<string, ApplyingRequest>;

const profileOf = ({ userPrincipalName }: SimPerson) => literally(encodeURIComponent(userPrincipalName));

/** Whether a message that is being sent is an event about this person. */
export function carriesEvent(personId: string): (body: string) => boolean {
  return (body) => {
    const [, text = ''] = /<MessageText>([^<]*)</.exec(body) ?? [];
    return Buffer.from(text, 'base64').toString('utf8').includes(personId);
  };
}

/** What the Functions host does by itself all the time: it polls, and keeps messages at work from others. */
export function isHostsOwn(line: string): boolean {
  const queues = Object.values(queueNames).flatMap((queue) => [queue, poisonQueueOf(queue)]);
  return /^(GET|PUT) \S*\/messages/.test(line) && queues.some((queue) => line.includes(`/${queue}/messages`));
}

import type { Books, Person, ServiceAnswer, ServiceRequest } from '../books';
import { badRequest, graphJson, userNotFound } from './graph-answer';

/** What Graph gives unasked. https://learn.microsoft.com/graph/api/user-get */
const DEFAULT_PROPERTIES = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
];

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 999;

function propertiesOf(person: Person): Record<string, unknown> {
  const [givenName = '', ...rest] = person.displayName.split(' ');
  return {
    id: person.id,
    displayName: person.displayName,
    givenName,
    surname: rest.join(' '),
    jobTitle: person.jobTitle,
    mail: person.mailbox ? person.userPrincipalName : null,
    userPrincipalName: person.userPrincipalName,
    userType: person.userType ?? null,
    accountEnabled: person.accountEnabled,
    businessPhones: [],
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    department: null,
    usageLocation: 'DE',
    createdDateTime: '2021-02-01T08:00:00Z',
  };
}

/** By object id, or by user principal name in any case. */
export function findPerson(books: Books, key: string): Person | undefined {
  const byId = books.people.get(key.toLowerCase());
  if (byId !== undefined || !key.includes('@')) return byId;
  const name = key.toLowerCase();
  return [...books.people.values()].find((person) => person.userPrincipalName.toLowerCase() === name);
}

function selected(url: URL): string[] | undefined {
  return url.searchParams
    .get('$select')
    ?.split(',')
    .map((name) => name.trim());
}

function shown(person: Person, names: readonly string[]): Record<string, unknown> {
  const all = propertiesOf(person);
  return Object.fromEntries(names.map((name) => [name, all[name] ?? null]));
}

function unknownIn(names: readonly string[]): string | undefined {
  const known = new Set(Object.keys(propertiesOf({ displayName: '' } as Person)));
  return names.find((name) => !known.has(name));
}

const noSuchProperty = (name: string) =>
  badRequest(
    `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type 'microsoft.graph.user'.`,
  );

export function getUser(books: Books, request: ServiceRequest, key: string): ServiceAnswer {
  const names = selected(request.url) ?? DEFAULT_PROPERTIES;
  const unknown = unknownIn(names);
  if (unknown !== undefined) return noSuchProperty(unknown);
  const person = findPerson(books, key);
  if (person === undefined) return userNotFound(key);
  const context = `${request.origin}/v1.0/$metadata#users${selected(request.url) ? `(${names.join(',')})` : ''}/$entity`;
  return graphJson(200, { '@odata.context': context, ...shown(person, names) });
}

/** Pages by `$top`; the skip token names the last person shown, and is refused once that person is gone. */
export function listUsers(books: Books, request: ServiceRequest, largestPage: number): ServiceAnswer {
  const names = selected(request.url) ?? DEFAULT_PROPERTIES;
  const unknown = unknownIn(names);
  if (unknown !== undefined) return noSuchProperty(unknown);
  const asked = Number(request.url.searchParams.get('$top') ?? DEFAULT_PAGE);
  if (!Number.isInteger(asked) || asked < 1 || asked > LARGEST_PAGE)
    return badRequest('Invalid page size specified.');
  const top = Math.min(asked, largestPage);
  const people = [...books.people.values()];
  const token = request.url.searchParams.get('$skiptoken');
  const last =
    token === null ? -1 : people.findIndex(({ id }) => id === Buffer.from(token, 'base64url').toString());
  if (token !== null && last < 0)
    return badRequest('Directory_ExpiredPageToken: the page token is invalid or expired.');
  const page = people.slice(last + 1, last + 1 + top);
  const end = page.at(-1);
  const next = new URLSearchParams(request.url.searchParams);
  if (end !== undefined) next.set('$skiptoken', Buffer.from(end.id).toString('base64url'));
  const more = last + 1 + top < people.length;
  return graphJson(200, {
    '@odata.context': `${request.origin}/v1.0/$metadata#users`,
    ...(more
      ? { '@odata.nextLink': `${request.origin}/v1.0/users?${decodeURIComponent(next.toString())}` }
      : {}),
    value: page.map((person) => shown(person, names)),
  });
}

import type { Books, DirectoryGroup, ServiceAnswer, ServiceRequest } from '../books';
import { badRequest, graphError, graphJson, methodNotAllowed, requestDenied } from './graph-answer';

/** https://learn.microsoft.com/graph/api/group-list-transitivemembers#permissions */
const GROUP_READERS = [
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
const HIDDEN_READERS = ['Member.Read.Hidden'];
const PEOPLE_ONLY = 'microsoft.graph.user';
const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 999;

const hasOneOf = (request: ServiceRequest, roles: readonly string[]) =>
  request.roles.some((role) => roles.includes(role));

/** `GET groups/{id}` and `GET groups/{id}/transitiveMembers/microsoft.graph.user`. */
export function serveGroups(
  books: Books,
  request: ServiceRequest,
  [id = '', collection, cast, ...rest]: readonly string[],
): ServiceAnswer {
  if (!hasOneOf(request, GROUP_READERS)) return requestDenied();
  const isKnown = collection === undefined || (collection === 'transitiveMembers' && cast === PEOPLE_ONLY);
  if (request.method !== 'GET' || id === '' || !isKnown || rest.length > 0)
    return methodNotAllowed(request.method);
  const group = books.groups.get(id.toLowerCase());
  if (group === undefined) return groupNotFound(id);
  if (collection === undefined) return groupAnswer(request, group);
  return membersAnswer(books, request, group);
}

const groupNotFound = (id: string) =>
  graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );

function groupAnswer(request: ServiceRequest, group: DirectoryGroup): ServiceAnswer {
  const visibility = group.hidden ? 'HiddenMembership' : null;
  const all: Record<string, unknown> = { id: group.id, displayName: group.displayName, visibility };
  const names = request.url.searchParams.get('$select')?.split(',') ?? Object.keys(all);
  return graphJson(200, Object.fromEntries(names.map((name) => [name, all[name] ?? null])));
}

/** A cast is answered only with `$count=true` and `ConsistencyLevel: eventual`. */
function membersAnswer(books: Books, request: ServiceRequest, group: DirectoryGroup): ServiceAnswer {
  const query = request.url.searchParams;
  if (query.get('$count') !== 'true' || request.headers['consistencylevel'] !== 'eventual') {
    return graphError(
      400,
      'Request_UnsupportedQuery',
      'Request with only OData cast needs $count=true and ConsistencyLevel.',
    );
  }
  const top = Number(query.get('$top') ?? DEFAULT_PAGE);
  if (!Number.isInteger(top) || top < 1 || top > LARGEST_PAGE)
    return badRequest('Invalid page size specified.');
  const members = [...transitiveMembers(books, group, hasOneOf(request, HIDDEN_READERS))];
  const skip = Number(query.get('$skiptoken') ?? 0);
  const page = members.slice(skip, skip + top);
  const next = new URLSearchParams(query);
  next.set('$skiptoken', String(skip + top));
  const more = skip + top < members.length;
  return graphJson(200, {
    '@odata.context': `${request.origin}/v1.0/$metadata#users(id)`,
    '@odata.count': members.length,
    ...(more
      ? {
          '@odata.nextLink': `${request.origin}/v1.0/groups/${group.id}/transitiveMembers/${PEOPLE_ONLY}?${decodeURIComponent(next.toString())}`,
        }
      : {}),
    value: page.map((id) => ({ id })),
  });
}

/** Everybody in the group and in groups inside it, each once; groups may stand in a circle. */
function transitiveMembers(books: Books, group: DirectoryGroup, seesHidden: boolean): Set<string> {
  const people = new Set<string>();
  const seen = new Set<string>();
  const waiting = [group];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next.id) || (next.hidden && !seesHidden)) continue;
    seen.add(next.id);
    for (const id of next.members) if (books.people.has(id)) people.add(id);
    for (const id of next.groups) {
      const inner = books.groups.get(id);
      if (inner !== undefined) waiting.push(inner);
    }
  }
  return people;
}

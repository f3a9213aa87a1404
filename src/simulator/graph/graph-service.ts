import type { Books, PictureStore, Service, ServiceAnswer, ServiceRequest } from '../books';
import type { MovableClock } from '../clock';
import { serveServicePrincipals, type DirectoryParts } from '../directory/service-principals';
import { serveSites } from '../directory/site-permissions';
import type { FaultBoard } from '../faults/fault-board';
import type { Limits } from '../limits';
import type { SubscriptionBook } from '../notifying/subscription-book';
import { serveBatch } from './batch';
import { graphError, graphJson, methodNotAllowed, requestDenied, throttledAnswer } from './graph-answer';
import { serveGroups } from './groups';
import { getPhoto } from './photos';
import { serveSubscriptions } from './subscriptions';
import { findPerson, getUser, listUsers } from './users';

const USER_READERS = ['User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All'];
const PHOTO_READERS = [...USER_READERS, 'ProfilePhoto.Read.All', 'ProfilePhoto.ReadWrite.All'];

/** A write permission doesn't do: https://learn.microsoft.com/graph/api/subscription-post-subscriptions#permissions */
const SUBSCRIBERS = ['User.Read.All'];

export interface GraphParts extends Pick<DirectoryParts, 'assignments'> {
  books: Books;
  pictures: PictureStore;
  clock: MovableClock;
  limits: Limits;
  faults: FaultBoard;
  /** Of people or assignments, whatever `$top` asks for. */
  largestPage: number;
  subscriptions: SubscriptionBook;
  /** What stands in the directory or on a site changed: it has to be saved. */
  changed: () => void;
}

function segmentsOf(url: URL): string[] | undefined {
  try {
    return url.pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** `servicePrincipals(appId='…')` is another way of writing `servicePrincipals/appId=…`. */
function withKeysApart(segments: readonly string[]): string[] {
  return segments.flatMap((segment) => {
    const [, collection, name, value] = /^(\w+)\((\w+)='([^']*)'\)$/.exec(segment) ?? [];
    return collection === undefined ? [segment] : [collection, `${String(name)}=${String(value)}`];
  });
}

const mayAny = (request: ServiceRequest, roles: readonly string[]) =>
  request.roles.some((role) => roles.includes(role));

/** Graph v1.0, as far as a photo's way needs it. */
export function createGraph(parts: GraphParts): Service {
  const { books, pictures, limits } = parts;

  /** What a read of users costs. https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits */
  function throttledUsers(request: ServiceRequest): ServiceAnswer | undefined {
    const verdict = limits.directory(request.url.searchParams.has('$select') ? 1 : 2);
    return verdict.throttled ? throttledAnswer(verdict.headers) : undefined;
  }

  async function photo(
    request: ServiceRequest,
    key: string,
    path: readonly string[],
  ): Promise<ServiceAnswer> {
    if (!mayAny(request, PHOTO_READERS)) return requestDenied();
    if (request.method !== 'GET') return methodNotAllowed(request.method);
    const verdict = limits.mailbox(findPerson(books, key)?.id ?? key);
    if (verdict.throttled) return throttledAnswer(verdict.headers);
    try {
      return await getPhoto(books, pictures, request, key, path);
    } finally {
      verdict.close();
    }
  }

  function users(
    request: ServiceRequest,
    [key, ...path]: readonly string[],
  ): ServiceAnswer | Promise<ServiceAnswer> {
    if (key !== undefined && ['photo', 'photos'].includes(path[0] ?? '')) return photo(request, key, path);
    if (!mayAny(request, USER_READERS)) return requestDenied();
    if (request.method !== 'GET' || path.length > 0) return methodNotAllowed(request.method);
    return (
      throttledUsers(request) ??
      (key === undefined ? listUsers(books, request, parts.largestPage) : getUser(books, request, key))
    );
  }

  function subscriptions(
    request: ServiceRequest,
    path: readonly string[],
  ): ServiceAnswer | Promise<ServiceAnswer> {
    if (!mayAny(request, SUBSCRIBERS)) return requestDenied();
    return serveSubscriptions(parts, request, path);
  }

  const graph: Service = async (request) => {
    const [version, collection, ...path] = withKeysApart(segmentsOf(request.url) ?? []);
    if (version !== 'v1.0') return graphError(400, 'BadRequest', 'The local tenant speaks v1.0 only.');
    switch (collection) {
      case 'users':
        return users(request, path);
      case 'groups':
        return throttledUsers(request) ?? serveGroups(books, request, path);
      case 'subscriptions':
        return subscriptions(request, path);
      case '$batch':
        return request.method === 'POST'
          ? serveBatch(parts, graph, request)
          : methodNotAllowed(request.method);
      case 'servicePrincipals':
        return serveServicePrincipals(parts, request, path);
      case 'sites':
        // Tools ask this for the tenant's address before they speak to SharePoint.
        return path[0] === 'root'
          ? graphJson(200, { webUrl: request.originOf('root') })
          : serveSites(parts, request, path);
      default:
        return graphError(400, 'BadRequest', `Resource not found for the segment '${collection ?? ''}'.`);
    }
  };
  return graph;
}

/**
 * SharePoint: the root site, the My Site host and the admin site of one tenant. A request is understood, counted
 * against the limits, and only then done.
 */

import { randomUUID } from 'node:crypto';
import type { Service, ServiceAnswer, ServiceRequest } from './books';
import type { LimitVerdict } from './limits';
import { createEmptyLibrary, createMySiteLibrary } from './sharepoint/library';
import { odataError } from './sharepoint/odata-answer';
import { ODataSyntaxError } from './sharepoint/odata-literals';
import { processQueryWork } from './sharepoint/process-query';
import { invalidQuery, SharePointError } from './sharepoint/errors';
import { plainFileWork } from './sharepoint/files';
import { isRestPath, restWork } from './sharepoint/rest';
import type { SharePointDeps, SharePointWork } from './sharepoint/work';
import { USER_PHOTO_PAGE, userPhotoAnswer } from './sharepoint/user-photo-page';

const PROCESS_QUERY = '/_vti_bin/client.svc/processquery';

export function createSharePoint(deps: SharePointDeps): Service {
  const mySite = createMySiteLibrary(deps.books, deps.history);
  const geoMySite = deps.books.geo && createMySiteLibrary(deps.books.geo, deps.history);
  const others = createEmptyLibrary();

  function understand(request: ServiceRequest): SharePointWork {
    const { pathname } = request.url;
    const route = `${request.method} ${pathname.toLowerCase()}`;
    if (route === `POST ${PROCESS_QUERY}`) return processQueryWork(deps, request);
    if (route === `GET ${USER_PHOTO_PAGE}`) {
      return { peopleManagerCalls: 0, run: () => userPhotoAnswer(deps, request) };
    }
    const library = request.role === 'mysite' ? mySite : request.role === 'geo-mysite' ? geoMySite : others;
    const context = { deps, request, library: library ?? others };
    if (isRestPath(pathname)) return restWork(context);
    if (request.method === 'GET' || request.method === 'HEAD') return plainFileWork(context);
    return { peopleManagerCalls: 0, run: () => ({ status: 405, headers: { Allow: 'GET, HEAD' } }) };
  }

  return async (request) => {
    const work = understandOrRefuse(understand, request);
    const verdict = deps.limits.sharePoint(work.peopleManagerCalls);
    const answer = verdict.throttled ? tooManyRequests() : await doOrRefuse(work, request);
    return withServiceHeaders(answer, verdict);
  };
}

function understandOrRefuse(
  understand: (request: ServiceRequest) => SharePointWork,
  request: ServiceRequest,
) {
  try {
    return understand(request);
  } catch (error) {
    return { peopleManagerCalls: 0, run: () => refusal(request, error) };
  }
}

async function doOrRefuse(work: SharePointWork, request: ServiceRequest): Promise<ServiceAnswer> {
  try {
    return await work.run();
  } catch (error) {
    return refusal(request, error);
  }
}

function refusal(request: ServiceRequest, error: unknown): ServiceAnswer {
  if (error instanceof SharePointError) return odataError(request, error);
  if (error instanceof ODataSyntaxError) return odataError(request, invalidQuery(error.message));
  throw error;
}

const tooManyRequests = (): ServiceAnswer => ({
  status: 429,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: '429 TOO MANY REQUESTS',
});

function withServiceHeaders(answer: ServiceAnswer, verdict: LimitVerdict): ServiceAnswer {
  const service = { SPRequestGuid: randomUUID(), MicrosoftSharePointTeamServices: '16.0.0.26121' };
  return { ...answer, headers: { ...service, ...verdict.headers, ...answer.headers } };
}

/**
 * `POST /_vti_bin/client.svc/ProcessQuery` (CSOM), as far as PeopleManager goes. An error is HTTP 200 with an
 * `ErrorInfo`, and what was done before it stays done.
 */

import { randomUUID } from 'node:crypto';
import type { ServiceAnswer, ServiceRequest } from '../books';
import { readCsomRequest, type CsomMethod, type CsomRequest } from './csom-request';
import { invalidQuery, SharePointError } from './errors';
import { setProperty } from './profiles';
import { requireProfileWrite } from './roles';
import type { SharePointDeps, SharePointWork } from './work';

/** SP.UserProfiles.PeopleManager */
const PEOPLE_MANAGER_TYPE = '{cf560d69-0fdb-4489-a216-b6b47adf8ef8}';
const SET_PROPERTY = 'SetSingleValueProfileProperty';

export function processQueryWork(deps: SharePointDeps, request: ServiceRequest): SharePointWork {
  let query: CsomRequest;
  try {
    query = readCsomRequest(request.body);
  } catch (error) {
    return { peopleManagerCalls: 0, run: () => csomFailure(error) };
  }
  const sets = query.actions.filter((action) => action.kind === 'method' && action.name === SET_PROPERTY);
  return {
    peopleManagerCalls: sets.length,
    run: () => {
      try {
        return csomAnswer(null, runActions(deps, request, query));
      } catch (error) {
        return csomFailure(error);
      }
    },
  };
}

/** The results, each after the id of its action. A method without a return value has none. */
function runActions(deps: SharePointDeps, request: ServiceRequest, query: CsomRequest): unknown[] {
  const results: unknown[] = [];
  for (const action of query.actions) {
    requirePeopleManager(query, action.objectPathId);
    if (action.kind === 'object-path') results.push(action.id, { IsNull: false });
    else runMethod(deps, request, action);
  }
  return results;
}

function requirePeopleManager(query: CsomRequest, objectPathId: string): void {
  const type = query.constructedTypes.get(objectPathId);
  if (type === undefined) throw invalidQuery(`The object path with id ${objectPathId} is not valid.`);
  // The wording: https://github.com/pnp/PnP-Sites-Core/issues/168
  if (type !== PEOPLE_MANAGER_TYPE) throw invalidQuery(`Stub for the type with id "${type}" not found.`);
}

function runMethod(deps: SharePointDeps, request: ServiceRequest, method: CsomMethod): void {
  if (method.name !== SET_PROPERTY) throw invalidQuery(`Method "${method.name}" does not exist.`);
  const [accountName, propertyName, value] = method.parameters;
  if (!accountName || !propertyName || value === undefined || method.parameters.length > 3) {
    throw invalidQuery(`The parameters of the method "${method.name}" are not valid.`);
  }
  requireProfileWrite(request);
  setProperty(request, deps, accountName, propertyName, value ?? '');
  deps.changed();
}

function csomFailure(error: unknown): ServiceAnswer {
  if (!(error instanceof SharePointError)) throw error;
  return csomAnswer(error, []);
}

function csomAnswer(error: SharePointError | null, results: unknown[]): ServiceAnswer {
  const trace = randomUUID();
  const ErrorInfo = error && {
    ErrorMessage: error.message,
    ErrorValue: null,
    TraceCorrelationId: trace,
    ErrorCode: error.hresult,
    ErrorTypeName: error.typeName,
  };
  const head = {
    SchemaVersion: '15.0.0.0',
    LibraryVersion: '16.0.26121.12010',
    ErrorInfo,
    TraceCorrelationId: trace,
  };
  const headers = { 'Content-Type': 'application/json;charset=utf-8' };
  return { status: 200, headers, body: JSON.stringify([head, ...results]) };
}

/**
 * Answers in the three shapes of SharePoint's OData: nometadata, minimalmetadata (also for a plain
 * `application/json`) and verbose. Whoever doesn't ask for JSON gets Atom, as from the real service.
 * https://learn.microsoft.com/sharepoint/dev/sp-add-ins/get-to-know-the-sharepoint-rest-service
 */

import type { ServiceAnswer, ServiceRequest } from '../books';
import { invalidQuery, type SharePointError } from './errors';

type Shape = 'nometadata' | 'minimalmetadata' | 'verbose' | 'atom';

export type ODataEntity = Record<string, unknown>;

function shapeOf(request: ServiceRequest): Shape {
  const accept = (request.headers['accept'] ?? '').toLowerCase();
  if (!accept.includes('json')) return 'atom';
  if (accept.includes('nometadata')) return 'nometadata';
  return accept.includes('verbose') ? 'verbose' : 'minimalmetadata';
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Atom in outline only: enough for a client that forgot its Accept header to notice. */
const atom = (content: unknown): string =>
  `<?xml version="1.0" encoding="utf-8"?><entry xmlns="http://www.w3.org/2005/Atom"><content type="text">${escapeXml(JSON.stringify(content))}</content></entry>`;

/** `plain` for all shapes but verbose, which wraps differently. */
function answer(
  request: ServiceRequest,
  status: number,
  plain: ODataEntity,
  verbose: unknown,
): ServiceAnswer {
  const shape = shapeOf(request);
  if (shape === 'atom') {
    return { status, headers: { 'Content-Type': 'application/atom+xml;charset=utf-8' }, body: atom(plain) };
  }
  const metadata =
    shape === 'minimalmetadata' && status === 200
      ? { 'odata.metadata': `${request.origin}/_api/$metadata` }
      : {};
  const content = shape === 'verbose' ? verbose : { ...metadata, ...plain };
  const headers = { 'Content-Type': `application/json;odata=${shape};streaming=true;charset=utf-8` };
  return { status, headers, body: JSON.stringify(content) };
}

export function odataError(request: ServiceRequest, error: SharePointError): ServiceAnswer {
  const described = {
    code: `${error.hresult}, ${error.typeName}`,
    message: { lang: 'en-US', value: error.message },
  };
  return answer(request, error.status, { 'odata.error': described }, { error: described });
}

/** A single value; verbose puts it under the name of the function or property it comes from. */
export function odataValue(
  request: ServiceRequest,
  name: string,
  value: string | number | boolean | null,
): ServiceAnswer {
  const plain = value === null ? { 'odata.null': true } : { value };
  return answer(request, 200, plain, { d: { [name]: value } });
}

/** One object, with the properties `$select` asks for. */
export function odataEntity(request: ServiceRequest, entity: ODataEntity): ServiceAnswer {
  const selected = select(request, entity);
  return answer(request, 200, selected, { d: selected });
}

export function odataCollection(request: ServiceRequest, entities: ODataEntity[]): ServiceAnswer {
  const value = entities.map((entity) => select(request, entity));
  return answer(request, 200, { value }, { d: { results: value } });
}

function select(request: ServiceRequest, entity: ODataEntity): ODataEntity {
  const asked = request.url.searchParams.get('$select');
  if (!asked || asked === '*') return entity;
  const names = asked.split(',').map((name) => name.trim());
  const missing = names.find((name) => !(name in entity));
  if (missing !== undefined) throw invalidQuery(`The field or property '${missing}' does not exist.`);
  return Object.fromEntries(names.map((name) => [name, entity[name]]));
}

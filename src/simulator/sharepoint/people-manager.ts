/** PeopleManager over REST: `/_api/SP.UserProfiles.PeopleManager/…` */

import { z } from 'zod';
import type { ServiceRequest } from '../books';
import { odataEntity, odataValue } from './odata-answer';
import { stringArgument, type ODataCall } from './odata-literals';
import { invalidQuery, noSuchResource, wrongValueType } from './errors';
import { findProfile, profileEntity, propertyOf, setProperty } from './profiles';
import { requireProfileRead, requireProfileWrite } from './roles';
import type { SharePointDeps, SharePointWork } from './work';

const PERSON_PROPERTIES = 'SP.UserProfiles.PersonProperties';

/** `calls` are those after `SP.UserProfiles.PeopleManager`. */
export function peopleManagerWork(
  deps: SharePointDeps,
  request: ServiceRequest,
  calls: ODataCall[],
): SharePointWork {
  const { books, changed } = deps;
  const [call, property] = calls;
  const route = `${request.method} ${call?.name ?? ''}`;
  if (!call) throw noSuchResource('SP.UserProfiles.PeopleManager');

  if (route === 'GET getpropertiesfor') {
    const accountName = stringArgument(call, 'accountName');
    return oneCall(() => {
      requireProfileRead(request);
      const profile = findProfile(books, accountName);
      if (!profile) return odataValue(request, 'GetPropertiesFor', null);
      const entity = profileEntity(request, books, profile);
      return property ? propertyAnswer(request, entity, property.name) : odataEntity(request, entity);
    });
  }

  if (route === 'GET getuserprofilepropertyfor') {
    const [accountName, name] = [stringArgument(call, 'accountName'), stringArgument(call, 'propertyName')];
    return oneCall(() => {
      requireProfileRead(request);
      const value = propertyOf(request, books, accountName, name);
      return odataValue(request, 'GetUserProfilePropertyFor', value);
    });
  }

  const setter = setters[route];
  if (setter) {
    const { accountName, propertyName, value } = readBody(request, setter.schema);
    return oneCall(() => {
      requireProfileWrite(request);
      setProperty(request, deps, accountName, propertyName, value);
      changed();
      return odataValue(request, setter.name, null);
    });
  }

  throw noSuchResource(`SP.UserProfiles.PeopleManager/${call.name}`);
}

const oneCall = (run: SharePointWork['run']): SharePointWork => ({ peopleManagerCalls: 1, run });

function propertyAnswer(request: ServiceRequest, entity: Record<string, unknown>, lowerCaseName: string) {
  const name = Object.keys(entity).find((key) => key.toLowerCase() === lowerCaseName);
  const value = name === undefined ? undefined : entity[name];
  if (name === undefined) throw noSuchResource(`${PERSON_PROPERTIES}/${lowerCaseName}`);
  return odataValue(request, name, typeof value === 'string' ? value : JSON.stringify(value));
}

const target = { accountName: z.string(), propertyName: z.string() };
const singleSchema = z
  .looseObject({ ...target, propertyValue: z.string() })
  .transform((body) => ({ ...body, value: body.propertyValue }));
const multipleSchema = z
  .looseObject({ ...target, propertyValues: z.array(z.string()) })
  .transform((body) => ({ ...body, value: body.propertyValues.join('|') }));

/** Every value has to be a JSON string: a number is refused, as by the real service. */
function readBody(request: ServiceRequest, schema: typeof singleSchema | typeof multipleSchema) {
  let body: unknown;
  try {
    body = JSON.parse(request.body.toString('utf8'));
  } catch {
    throw invalidQuery('Invalid JSON. A token was not recognized in the JSON content.');
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0] ?? 'accountName');
  const isGiven = typeof body === 'object' && body !== null && name in body;
  throw isGiven ? wrongValueType('Edm.String') : invalidQuery(`The parameter ${name} is missing.`);
}

const setters: Record<string, { name: string; schema: typeof singleSchema | typeof multipleSchema }> = {
  'POST setsinglevalueprofileproperty': { name: 'SetSingleValueProfileProperty', schema: singleSchema },
  'POST setmultivaluedprofileproperty': { name: 'SetMultiValuedProfileProperty', schema: multipleSchema },
};

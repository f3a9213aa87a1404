import * as z from 'zod';
import { ServiceFailure } from '../errors';
import type { TokenFacts } from './describe-token';
import { jsonOf, type Answer } from './http';
import { writeProfiles } from './rights';
import {
  accessDenied,
  saysNoProfile,
  sharePointErrorCode,
  type BeforeRequest,
  type SharePointClient,
} from './sharepoint-client';
import { xmlText } from './sharepoint-text';

/** Property names and values, in the order in which they are to be set. */
export type PropertyChanges = readonly (readonly [name: string, value: string])[];

/** `no-profile`: SharePoint does not know the person (any more). */
export type PropertyOutcome = 'set' | 'no-profile';

/** The PeopleManager class of the client object model. */
const peopleManagerTypeId = '{cf560d69-0fdb-4489-a216-b6b47adf8ef8}';

const csomAnswer = z
  .array(z.unknown())
  .min(1)
  .transform((parts) => parts[0])
  .pipe(
    z.looseObject({
      ErrorInfo: z
        .looseObject({
          ErrorMessage: z.string(),
          ErrorTypeName: z.string().nullish(),
          ErrorCode: z.number().nullish(),
        })
        .nullish(),
    }),
  );

/** All properties in one request of the client object model, which answers 200 even when it refuses. */
export async function setByCsom(
  client: SharePointClient,
  origin: string,
  accountName: string,
  changes: PropertyChanges,
  before?: BeforeRequest,
): Promise<PropertyOutcome> {
  const answer = await client.request('POST', origin, '/_vti_bin/client.svc/ProcessQuery', {
    before,
    contentType: 'text/xml',
    body: processQuery(accountName, changes),
  });
  const parsed = csomAnswer.safeParse(jsonOf(answer));
  if (answer.status !== 200 || !parsed.success) throw notUnderstood(answer);
  const error = parsed.data.ErrorInfo;
  if (!error) return 'set';
  const kind = error.ErrorTypeName ?? String(error.ErrorCode ?? 'unknown');
  return judge(origin, error.ErrorMessage, kind, answer.token);
}

/** The same, one request a property: for a tenant that refuses the client object model. */
export async function setByRest(
  client: SharePointClient,
  origin: string,
  accountName: string,
  changes: PropertyChanges,
  before?: BeforeRequest,
): Promise<PropertyOutcome> {
  for (const [propertyName, propertyValue] of changes) {
    const path = '/_api/SP.UserProfiles.PeopleManager/SetSingleValueProfileProperty';
    const answer = await client.request('POST', origin, path, {
      before,
      contentType: 'application/json;odata=nometadata',
      body: JSON.stringify({ accountName, propertyName, propertyValue }),
    });
    if (answer.status === 200 || answer.status === 204) continue;
    const outcome = judge(origin, answer.body.toString('utf8'), sharePointErrorCode(answer), answer.token);
    if (outcome === 'no-profile') return outcome;
  }
  return 'set';
}

function processQuery(accountName: string, changes: PropertyChanges): string {
  const text = (value: string) => `<Parameter Type="String">${xmlText(value)}</Parameter>`;
  const methods = changes.map(
    ([name, value], index) =>
      `<Method Name="SetSingleValueProfileProperty" Id="${String(index + 3)}" ObjectPathId="1"><Parameters>${text(accountName)}${text(name)}${text(value)}</Parameters></Method>`,
  );
  return [
    '<Request xmlns="http://schemas.microsoft.com/sharepoint/clientquery/2009" SchemaVersion="15.0.0.0" LibraryVersion="16.0.0.0" ApplicationName="PhotoSyncForSharePoint">',
    `<Actions><ObjectPath Id="2" ObjectPathId="1"/>${methods.join('')}</Actions>`,
    `<ObjectPaths><Constructor Id="1" TypeId="${peopleManagerTypeId}"/></ObjectPaths>`,
    '</Request>',
  ].join('');
}

function judge(
  origin: string,
  message: string,
  kind: string,
  token: TokenFacts | undefined,
): PropertyOutcome {
  if (saysNoProfile(message)) return 'no-profile';
  if (/access (is )?denied|UnauthorizedAccess|administrator privileges/i.test(`${message} ${kind}`)) {
    const reason = accessDenied(new URL(origin).host, kind, writeProfiles, token);
    throw new ServiceFailure('SharePoint', reason, { status: 403 });
  }
  if (/PropertyNotEditable/i.test(`${message} ${kind}`)) {
    throw new ServiceFailure(
      'SharePoint',
      'SharePoint does not let the picture be set (PropertyNotEditable): in the SharePoint admin center, under user profile properties, allow users to edit the property Picture.',
    );
  }
  throw new Error(`SharePoint refused to set the picture properties: ${kind.slice(0, 120)}.`);
}

function notUnderstood(answer: Answer): ServiceFailure {
  return new ServiceFailure(
    'SharePoint',
    `SharePoint answered the setting of the picture properties in a way the app can't read (${String(answer.status)}).`,
    { status: answer.status },
  );
}

import * as z from 'zod';
import { jsonOf } from './http';
import { createPictureFiles, type PictureFiles } from './picture-files';
import { setByCsom, setByRest, type PropertyChanges, type PropertyOutcome } from './profile-properties';
import { saysNoProfile, unexpected, type BeforeRequest, type SharePointClient } from './sharepoint-client';
import { odataLiteral } from './sharepoint-text';

/** A SharePoint user profile, as far as deciding needs it. */
export interface Profile {
  accountName: string;
  /** The profile's own My Site host, as SharePoint writes it: to select by, never to call. */
  personalSiteHostUrl: string;
  properties: ReadonlyMap<string, string>;
  /** SharePoint's clock at the read. */
  readAt: Date;
}

/** `before` is awaited right before each request that is made. */
export interface ProfileStore extends PictureFiles {
  /** @returns undefined where SharePoint has no profile for this name. @throws ServiceFailure */
  readProfile(userPrincipalName: string, before?: BeforeRequest): Promise<Profile | undefined>;
  setProperties(
    adminUrl: string,
    accountName: string,
    changes: PropertyChanges,
    before?: BeforeRequest,
  ): Promise<PropertyOutcome>;
}

const profileAnswer = z.union([
  z.looseObject({ 'odata.null': z.literal(true) }).transform(() => undefined),
  z.looseObject({
    AccountName: z.string(),
    PersonalSiteHostUrl: z.string().nullish(),
    UserProfileProperties: z.array(z.looseObject({ Key: z.string(), Value: z.string().nullish() })),
  }),
]);

/** Membership claim of an Entra account. */
export const accountNameOf = (userPrincipalName: string) => `i:0#.f|membership|${userPrincipalName}`;

export function createProfileStore(
  client: SharePointClient,
  options: {
    rootUrl: string;
    profileWrite: 'csom' | 'rest';
    profileHost: 'admin' | 'root';
    adminUrl: string;
  },
): ProfileStore {
  const profileHost = (adminUrl: string) => (options.profileHost === 'root' ? options.rootUrl : adminUrl);

  return {
    ...createPictureFiles(client),

    async readProfile(userPrincipalName, before) {
      const path = `/_api/SP.UserProfiles.PeopleManager/GetPropertiesFor(accountName=@v)?@v=${odataLiteral(accountNameOf(userPrincipalName))}&$select=AccountName,PersonalSiteHostUrl,UserProfileProperties`;
      const answer = await client.request('GET', profileHost(options.adminUrl), path, { before });
      if (answer.status !== 200 && saysNoProfile(answer.body.toString('utf8'))) return undefined;
      const parsed = profileAnswer.safeParse(jsonOf(answer));
      if (answer.status !== 200 || !parsed.success) throw unexpected(answer, 'reading the profile');
      if (!parsed.data) return undefined;
      return {
        accountName: parsed.data.AccountName,
        personalSiteHostUrl: parsed.data.PersonalSiteHostUrl ?? '',
        properties: new Map(parsed.data.UserProfileProperties.map(({ Key, Value }) => [Key, Value ?? ''])),
        readAt: answer.date ?? new Date(),
      };
    },

    setProperties(adminUrl, accountName, changes, before) {
      const set = options.profileWrite === 'rest' ? setByRest : setByCsom;
      return set(client, profileHost(adminUrl), accountName, changes, before);
    },
  };
}

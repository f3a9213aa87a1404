import { z } from 'zod';
import { ServiceFailure } from '../errors';
import { jsonOf, type Answer } from './http';
import { setByCsom, setByRest, type PropertyChanges, type PropertyOutcome } from './profile-properties';
import {
  saysNoProfile,
  sharePointErrorCode,
  type BeforeRequest,
  type SharePointClient,
} from './sharepoint-client';
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
export interface ProfileStore {
  /** @returns undefined where SharePoint has no profile for this name. @throws ServiceFailure */
  readProfile(userPrincipalName: string, before?: BeforeRequest): Promise<Profile | undefined>;
  /** The one folder of pictures on a My Site host: its name is in the host's language. Found once, then remembered. */
  pictureFolder(mySiteUrl: string, before?: BeforeRequest): Promise<string>;
  /** Writes a file of ours, replacing an earlier one of the same name. */
  putPicture(
    mySiteUrl: string,
    folder: string,
    fileName: string,
    bytes: Uint8Array,
    type: string,
    before?: BeforeRequest,
  ): Promise<void>;
  setProperties(
    adminUrl: string,
    accountName: string,
    changes: PropertyChanges,
    before?: BeforeRequest,
  ): Promise<PropertyOutcome>;
}

const library = '/User Photos';

const profileAnswer = z.union([
  z.looseObject({ 'odata.null': z.literal(true) }).transform(() => undefined),
  z.looseObject({
    AccountName: z.string(),
    PersonalSiteHostUrl: z.string().nullish(),
    UserProfileProperties: z.array(z.looseObject({ Key: z.string(), Value: z.string().nullish() })),
  }),
]);

const folders = z.looseObject({ value: z.array(z.looseObject({ Name: z.string() })) });

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
  const foldersByHost = new Map<string, string>();
  const profileHost = (adminUrl: string) => (options.profileHost === 'root' ? options.rootUrl : adminUrl);
  const folderPath = (path: string) =>
    `/_api/web/GetFolderByServerRelativePath(DecodedUrl=${odataLiteral(path)})`;

  return {
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

    async pictureFolder(mySiteUrl, before) {
      const known = foldersByHost.get(mySiteUrl);
      if (known !== undefined) return known;
      const path = `${folderPath(library)}/Folders?$select=Name`;
      const answer = await client.request('GET', mySiteUrl, path, { before });
      const parsed = folders.safeParse(jsonOf(answer));
      if (answer.status !== 200 || !parsed.success)
        throw unexpected(answer, 'looking for the picture folder');
      const names = parsed.data.value.map(({ Name }) => Name).filter((name) => name !== 'Forms');
      const [name] = names;
      if (name === undefined || names.length > 1) {
        throw new ServiceFailure(
          'SharePoint',
          `The library "User Photos" on the My Site host has ${String(names.length)} picture folders where one is expected. SharePoint makes it when the first person's photo arrives; the app never makes or guesses one.`,
        );
      }
      foldersByHost.set(mySiteUrl, name);
      return name;
    },

    async putPicture(mySiteUrl, folder, fileName, bytes, type, before) {
      const path = `${folderPath(`${library}/${folder}`)}/Files/AddUsingPath(DecodedUrl=${odataLiteral(fileName)},Overwrite=true)`;
      const answer = await client.request('POST', mySiteUrl, path, {
        body: bytes,
        contentType: type,
        before,
      });
      if (answer.status === 200 || answer.status === 201) return;
      if (answer.status === 404) {
        // The folder was renamed since it was found: find it again next time.
        foldersByHost.delete(mySiteUrl);
        throw new ServiceFailure(
          'SharePoint',
          'The picture folder on the My Site host is gone; it is looked for again.',
          {
            status: 404,
          },
        );
      }
      throw unexpected(answer, 'writing a picture file');
    },

    setProperties(adminUrl, accountName, changes, before) {
      const set = options.profileWrite === 'rest' ? setByRest : setByCsom;
      return set(client, profileHost(adminUrl), accountName, changes, before);
    },
  };
}

/** Not a failure of the service but of our request, or a state we do not know: the queue's tries are for this. */
function unexpected(answer: Answer, doing: string): Error {
  return new Error(`SharePoint refused ${doing}: ${String(answer.status)}, ${sharePointErrorCode(answer)}.`);
}

import * as z from 'zod';
import { ServiceFailure } from '../errors';
import { maximumPictureBytes } from './graph';
import { AnswerTooLarge, jsonOf } from './http';
import { writeFiles } from './rights';
import {
  sharePointErrorCode,
  unexpected,
  type BeforeRequest,
  type SharePointClient,
} from './sharepoint-client';
import { odataLiteral } from './sharepoint-text';

/** `retained`: a retention policy or a lock keeps the file, which no later try would change. */
export type RecycleOutcome = 'recycled' | 'missing' | 'retained';

/** Files of pictures on a My Site host. `before` is awaited right before each request that is made. */
export interface PictureFiles {
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
  /** @returns undefined where there is no such file; `too-large` over 8 MB, which no file of ours is. @throws ServiceFailure */
  readPicture(
    mySiteUrl: string,
    folder: string,
    fileName: string,
    before?: BeforeRequest,
  ): Promise<Buffer | 'too-large' | undefined>;
  /** The same of any file. @param path server-relative, decoded: `/User Photos/Profilbilder/x_MThumb.jpg`. */
  readPictureAt(
    mySiteUrl: string,
    path: string,
    before?: BeforeRequest,
  ): Promise<Buffer | 'too-large' | undefined>;
  /** Moves a file into the site's recycle bin, where an admin finds it for 93 days. @throws ServiceFailure */
  recyclePicture(
    mySiteUrl: string,
    folder: string,
    fileName: string,
    before?: BeforeRequest,
  ): Promise<RecycleOutcome>;
}

const library = '/User Photos';

/** A conflict, a version that has moved on, a lock: they mostly pass. */
const heldByOthers: ReadonlySet<number> = new Set([409, 412, 423]);

const folders = z.looseObject({ value: z.array(z.looseObject({ Name: z.string() })) });

const folderCall = (path: string) =>
  `/_api/web/GetFolderByServerRelativePath(DecodedUrl=${odataLiteral(path)})`;
const fileCall = (path: string) => `/_api/web/GetFileByServerRelativePath(DecodedUrl=${odataLiteral(path)})`;

export function createPictureFiles(client: SharePointClient): PictureFiles {
  const foldersByHost = new Map<string, string>();

  async function readPictureAt(mySiteUrl: string, path: string, before?: BeforeRequest) {
    try {
      const answer = await client.request('GET', mySiteUrl, `${fileCall(path)}/$value`, {
        right: writeFiles,
        before,
        maximumBytes: maximumPictureBytes,
      });
      if (answer.status === 200) return answer.body;
      if (answer.status !== 404) throw unexpected(answer, 'reading a picture file');
      // Either the file is gone or the folder has another name by now: it is found again next time.
      foldersByHost.delete(mySiteUrl);
      return undefined;
    } catch (error) {
      if (error instanceof AnswerTooLarge) return 'too-large';
      throw error;
    }
  }

  return {
    async pictureFolder(mySiteUrl, before) {
      const known = foldersByHost.get(mySiteUrl);
      if (known !== undefined) return known;
      const path = `${folderCall(library)}/Folders?$select=Name`;
      const answer = await client.request('GET', mySiteUrl, path, { right: writeFiles, before });
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
      const path = `${folderCall(`${library}/${folder}`)}/Files/AddUsingPath(DecodedUrl=${odataLiteral(fileName)},Overwrite=true)`;
      const answer = await client.request('POST', mySiteUrl, path, {
        right: writeFiles,
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
      if (heldByOthers.has(answer.status)) {
        // Some ways into SharePoint say 409 where the folder is gone.
        foldersByHost.delete(mySiteUrl);
        throw new ServiceFailure(
          'SharePoint',
          `SharePoint does not let a picture file be written now: somebody has it open, checked out or writes it (${String(answer.status)}, ${sharePointErrorCode(answer)}); it is tried again.`,
          { status: answer.status },
        );
      }
      throw unexpected(answer, 'writing a picture file');
    },

    readPicture: (mySiteUrl, folder, fileName, before) =>
      readPictureAt(mySiteUrl, `${library}/${folder}/${fileName}`, before),
    readPictureAt,

    async recyclePicture(mySiteUrl, folder, fileName, before) {
      const path = `${fileCall(`${library}/${folder}/${fileName}`)}/recycle()`;
      // 403 is an answer here: whoever may read the file and is refused this is refused by a retention label or a lock.
      const answer = await client.request('POST', mySiteUrl, path, {
        right: writeFiles,
        before,
        answers: [403],
      });
      switch (answer.status) {
        case 200:
          return 'recycled';
        case 404:
          return 'missing';
        case 403:
        case 409:
        case 423:
          return 'retained';
        default:
          throw unexpected(answer, 'recycling a picture file');
      }
    },
  };
}

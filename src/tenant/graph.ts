import { ServiceFailure } from '../errors';
import type { PictureSize } from '../photos/picture-sizes';
import { accountSchema, batchAnswer, photoMetadata, type Account } from './graph-answers';
import { errorCode, throwIfNotNow, type GraphClient } from './graph-client';
import { AnswerTooLarge, jsonOf } from './http';

/** What a look at a person's photo found, and when by Graph's own clock. */
export type PhotoLook = { at: Date } &
  /** `etag` as Graph gives it in `@odata.mediaEtag`; sizes in pixels. */
  (
    | { kind: 'photo'; etag: string; width: number; height: number }
    /** `sure`: Graph said in so many words that there is none. Otherwise it only could not give one. */
    | { kind: 'none'; sure: boolean; code: string; account: Account }
    | { kind: 'no-account' }
  );

/** Bytes as Graph sent them, of each size asked for; `too-large` over the limit. */
export type Pictures = Map<PictureSize, Buffer | 'too-large'>;

export interface PhotoSource {
  /** One request; a second one for the account where there is no photo. @throws ServiceFailure */
  look(personId: string): Promise<PhotoLook>;
  /** One request for the account and all pictures; one more where Graph has no renditions. @throws ServiceFailure */
  readAccountAndPictures(
    personId: string,
    sizes: readonly PictureSize[],
  ): Promise<{ account: Account | undefined; pictures: Pictures }>;
}

/** Microsoft accepts photos of up to 4 MB; more than twice that is no photo. */
export const maximumPictureBytes = 8 * 1024 * 1024;
const maximumBatchBytes = 12 * 1024 * 1024;
const maximumJsonBytes = 256 * 1024;

/** 404s that say that this person has no photo. Any other says only that none could be had. */
const noPhotoCodes = new Set(['ImageNotFound', 'ErrorItemNotFound', 'ErrorEntityNotFound']);

const accountPath = (personId: string) =>
  `/users/${personId}?$select=id,userPrincipalName,userType,accountEnabled`;
const picturePath = (personId: string, size: PictureSize) =>
  size === 'original'
    ? `/users/${personId}/photo/$value`
    : `/users/${personId}/photos/${String(size)}x${String(size)}/$value`;

export function createPhotoSource(client: GraphClient): PhotoSource {
  const readOriginal = async (personId: string): Promise<Buffer | 'too-large'> => {
    try {
      const path = picturePath(personId, 'original');
      const answer = await client.request('GET', path, { maximumBytes: maximumPictureBytes });
      if (answer.status !== 200) throw noPictureYet(answer.status);
      return answer.body;
    } catch (error) {
      if (error instanceof AnswerTooLarge) return 'too-large';
      throw error;
    }
  };

  const readAccount = async (personId: string): Promise<Account | undefined> => {
    const answer = await client.request('GET', accountPath(personId), { maximumBytes: maximumJsonBytes });
    if (answer.status === 404) return undefined;
    const account = accountSchema.safeParse(jsonOf(answer));
    if (answer.status !== 200 || !account.success) throw unexpected(answer.status, 'the account');
    return account.data;
  };

  return {
    async look(personId) {
      const answer = await client.request('GET', `/users/${personId}/photo`, {
        maximumBytes: maximumJsonBytes,
      });
      const at = answer.date ?? new Date();
      const json = jsonOf(answer);
      let code = 'placeholder';
      if (answer.status === 200) {
        const metadata = photoMetadata.safeParse(json);
        if (!metadata.success) throw unexpected(answer.status, 'the photo metadata');
        const { '@odata.mediaEtag': etag, width, height } = metadata.data;
        // Graph's placeholder for "no photo" is a GIF of one pixel without an etag.
        if (etag !== '' && (width > 1 || height > 1)) return { kind: 'photo', at, etag, width, height };
      } else if (answer.status === 404 || answer.status === 400) {
        code = errorCode(json) ?? 'unknown';
      } else {
        throw unexpected(answer.status, 'the photo metadata');
      }
      const account = await readAccount(personId);
      if (!account) return { kind: 'no-account', at };
      const sure = answer.status === 200 || (answer.status === 404 && noPhotoCodes.has(code));
      return { kind: 'none', at, sure, code, account };
    },

    async readAccountAndPictures(personId, sizes) {
      const wanted = [...new Set(sizes)];
      const requests = [
        { id: 'account', method: 'GET', url: accountPath(personId) },
        ...wanted.map((size) => ({ id: String(size), method: 'GET', url: picturePath(personId, size) })),
      ];
      let inner;
      let whole;
      try {
        const answer = await client.request('POST', '/$batch', {
          body: { requests },
          maximumBytes: maximumBatchBytes,
        });
        whole = answer;
        inner = batchAnswer.safeParse(jsonOf(answer));
        if (answer.status !== 200 || !inner.success)
          throw unexpected(answer.status, 'the batch of account and pictures');
      } catch (error) {
        if (!(error instanceof AnswerTooLarge)) throw error;
        return {
          account: await readAccount(personId),
          pictures: new Map(wanted.map((size) => [size, 'too-large'])),
        };
      }
      const answers = new Map(inner.data.responses.map((response) => [response.id, response]));
      for (const { status, headers } of answers.values())
        throwIfNotNow(status, new Headers(headers ?? {}), whole);

      const accountAnswer = answers.get('account');
      if (accountAnswer?.status === 404) return { account: undefined, pictures: new Map() };
      const account = accountSchema.safeParse(accountAnswer?.body);
      if (!account.success) throw unexpected(accountAnswer?.status ?? 0, 'the account');

      const pictures: Pictures = new Map();
      for (const size of wanted) {
        const answer = answers.get(String(size));
        if (answer?.status !== 200 && answer?.status !== 404)
          throw unexpected(answer?.status ?? 0, 'a picture');
        if (answer.status === 200) pictures.set(size, decodeBase64(answer.body));
      }
      if (pictures.size < wanted.length) {
        if (wanted.includes('original')) throw noPictureYet(404);
        // A photo of a standard size that is kept in the directory has no renditions: the photo itself serves all slots.
        const original = await readOriginal(personId);
        for (const size of wanted) pictures.set(size, original);
      }
      return { account: account.data, pictures };
    },
  };
}

/** A batch carries binary answers as base64 text. Anything else is no picture, which the check of the bytes will say. */
function decodeBase64(body: unknown): Buffer | 'too-large' {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'base64') : Buffer.alloc(0);
  return bytes.byteLength > maximumPictureBytes ? 'too-large' : bytes;
}

/** The photo may be on its way between Graph's servers, or was removed a moment ago: no word on what it is. */
function noPictureYet(status: number): ServiceFailure {
  return new ServiceFailure(
    'Graph',
    `Graph tells of a photo but gives no picture of it (${String(status)}).`,
    {
      status,
    },
  );
}

function unexpected(status: number, what: string): ServiceFailure {
  return new ServiceFailure(
    'Graph',
    `Graph gave an answer for ${what} that the app can't read (${String(status)}).`,
    {
      status,
    },
  );
}

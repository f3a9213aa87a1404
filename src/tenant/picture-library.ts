import * as z from 'zod';
import { jsonOf } from './http';
import type { SharePointClient } from './sharepoint-client';
import { odataLiteral } from './sharepoint-text';

/** How a library keeps versions of its files. `unknown`: SharePoint did not tell. */
export type Versioning = { kept: true; most: number } | { kept: false } | 'unknown';

export interface PictureLibrary {
  /** Of the library of pictures on a My Site host. @throws ServiceFailure */
  versioning(mySiteUrl: string): Promise<Versioning>;
}

/** https://learn.microsoft.com/previous-versions/office/developer/sharepoint-rest-reference/dn531433(v=office.15) */
const listAnswer = z.looseObject({ EnableVersioning: z.boolean(), MajorVersionLimit: z.int() });

export function createPictureLibrary(client: SharePointClient): PictureLibrary {
  return {
    async versioning(mySiteUrl) {
      const path = `/_api/web/GetList(${odataLiteral('/User Photos')})?$select=EnableVersioning,MajorVersionLimit`;
      // Nothing depends on it, so a refusal is an answer too.
      const answer = await client.request('GET', mySiteUrl, path, { answers: [401, 403] });
      const parsed = listAnswer.safeParse(jsonOf(answer));
      if (answer.status !== 200 || !parsed.success) return 'unknown';
      const { EnableVersioning, MajorVersionLimit } = parsed.data;
      return EnableVersioning ? { kept: true, most: MajorVersionLimit } : { kept: false };
    },
  };
}

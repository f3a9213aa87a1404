/**
 * `/_api/web/GetList(…)`: a library by its address.
 * https://learn.microsoft.com/previous-versions/office/developer/sharepoint-rest-reference/dn531433(v=office.15)
 */

import { noSuchFolder } from './errors';
import { reading, type FileContext } from './file-work';
import { PICTURES_LIBRARY } from './library';
import { odataEntity } from './odata-answer';
import type { SharePointWork } from './work';

/** What a library keeps of a file that is written over. */
export interface Versioning {
  enabled: boolean;
  majorVersionLimit: number;
}

export function listWork(context: FileContext, path: string): SharePointWork {
  const { deps, request } = context;
  return reading(context, () => {
    if (path.toLowerCase() !== PICTURES_LIBRARY.toLowerCase()) throw noSuchFolder();
    const { enabled, majorVersionLimit } = deps.versioning;
    return odataEntity(request, {
      Title: 'User Photos',
      BaseTemplate: 109,
      EnableVersioning: enabled,
      MajorVersionLimit: enabled ? majorVersionLimit : 0,
    });
  });
}

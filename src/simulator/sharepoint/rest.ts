/** `/_api/…` */

import { serverPathArgument } from './file-arguments';
import { reading, type FileContext } from './file-work';
import { odataEntity } from './odata-answer';
import { readODataPath } from './odata-literals';
import { peopleManagerWork } from './people-manager';
import { invalidQuery, noSuchResource } from './errors';
import { fileWork } from './files';
import { folderWork } from './folders';
import { listWork } from './lists';
import type { SharePointWork } from './work';
import { contextInfo, webEntity } from './site-entities';

/** Both lead to the same service. */
const ROOTS = /^\/(?:_api|_vti_bin\/client\.svc)\//i;

export const isRestPath = (pathname: string): boolean => ROOTS.test(pathname);

export function restWork(context: FileContext): SharePointWork {
  const { deps, request } = context;
  const { pathname, searchParams } = request.url;
  const unknownOption = [...searchParams.keys()].find((key) => key.startsWith('$') && key !== '$select');
  if (unknownOption) throw invalidQuery(`The local tenant doesn't know the query option ${unknownOption}.`);

  const [first, second, ...rest] = readODataPath(pathname.replace(ROOTS, ''), searchParams);
  const service = first?.name ?? '';
  if (service === 'sp.userprofiles.peoplemanager') {
    return peopleManagerWork(deps, request, second ? [second, ...rest] : []);
  }
  if (service === 'contextinfo' && request.method === 'POST') {
    return { peopleManagerCalls: 0, run: () => odataEntity(request, contextInfo(request, deps.clock)) };
  }
  if (service === 'web') {
    switch (second?.name) {
      case undefined:
        return reading(context, () => odataEntity(request, webEntity(request)));
      case 'getfolderbyserverrelativepath':
      case 'getfolderbyserverrelativeurl':
        return folderWork(context, serverPathArgument(second), rest);
      case 'getlist':
        return listWork(context, serverPathArgument(second));
      case 'getfilebyserverrelativepath':
      case 'getfilebyserverrelativeurl':
        return fileWork(context, serverPathArgument(second), rest);
      default:
        break;
    }
  }
  throw noSuchResource(pathname);
}

/**
 * `/_api/web/GetFolderByServerRelativePath(…)/…`: look into a folder, add to it.
 * https://learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-folders-and-files-with-rest
 */

import type { ServiceAnswer } from '../books';
import { nameArgument } from './file-arguments';
import { fileEntity, folderEntity } from './file-entities';
import { reading, writing, type FileContext } from './file-work';
import { childPath } from './library';
import { odataCollection, odataEntity } from './odata-answer';
import { stringArgument, type ODataCall } from './odata-literals';
import { fileExists, noSuchFolder, noSuchResource } from './errors';
import { fileWork } from './files';
import type { SharePointWork } from './work';

/** `calls` are those after the one that names the folder. */
export function folderWork(context: FileContext, folder: string, calls: ODataCall[]): SharePointWork {
  const { library, request } = context;
  const [call, add, ...rest] = calls;

  if (call?.name === 'files' && call.args.size > 0) {
    return fileWork(context, childPath(folder, stringArgument(call, '', 'url')), add ? [add, ...rest] : []);
  }

  const inFolder = (run: (path: string) => ServiceAnswer | Promise<ServiceAnswer>) => () => {
    const path = library.findFolder(folder);
    if (path === undefined) throw noSuchFolder();
    return run(path);
  };
  const route = [request.method, ...calls.map(({ name }) => name)].join(' ');
  switch (route) {
    case 'GET':
      return reading(
        context,
        inFolder((path) => odataEntity(request, folderEntity(library, path))),
      );
    case 'GET folders':
      return reading(
        context,
        inFolder((path) => {
          const entities = library.subfolderPaths(path).map((child) => folderEntity(library, child));
          return odataCollection(request, entities);
        }),
      );
    case 'GET files':
      return reading(
        context,
        inFolder((path) => odataCollection(request, library.filesIn(path).map(fileEntity))),
      );
    case 'POST addsubfolderusingpath':
      return writing(context, inFolder(addFolder(context, call)));
    case 'POST folders addusingpath':
      return writing(context, inFolder(addFolder(context, add)));
    case 'POST files add':
    case 'POST files addusingpath':
      return writing(context, inFolder(upload(context, add)));
    default:
      throw noSuchResource(`web/folder/${calls.map(({ name }) => name).join('/')}`);
  }
}

function addFolder({ library, request }: FileContext, call: ODataCall | undefined) {
  const name = nameArgument(call);
  return (folder: string) => {
    const asked = childPath(folder, name);
    const path = library.findFolder(asked) ?? asked;
    library.addFolder(path);
    return odataEntity(request, folderEntity(library, path));
  };
}

function upload({ deps, library, request }: FileContext, call: ODataCall | undefined) {
  const name = nameArgument(call);
  const overwrite = call?.args.get('overwrite') === true;
  return async (folder: string) => {
    const path = childPath(folder, name);
    const standing = library.findFile(path);
    if (standing && !overwrite) throw fileExists(standing.path, standing.file.modifiedAt);
    const key = await deps.pictures.keep(request.body);
    const modifiedAt = new Date(deps.clock.now()).toISOString();
    const file = { sha256: key, key, length: request.body.length, modifiedAt, writtenBy: 'app' as const };
    return odataEntity(request, fileEntity(library.saveFile(path, file)));
  };
}

/**
 * `/_api/web/GetFolderByServerRelativePath(…)/…`: look into a folder, add to it.
 * https://learn.microsoft.com/sharepoint/dev/sp-add-ins/working-with-folders-and-files-with-rest
 */

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

  const inFolder = (run: SharePointWork['run']) => () => {
    if (!library.hasFolder(folder)) throw noSuchFolder();
    return run();
  };
  const route = [request.method, ...calls.map(({ name }) => name)].join(' ');
  switch (route) {
    case 'GET':
      return reading(
        context,
        inFolder(() => odataEntity(request, folderEntity(library, folder))),
      );
    case 'GET folders':
      return reading(
        context,
        inFolder(() => {
          const paths = library.subfolderPaths(folder);
          return odataCollection(
            request,
            paths.map((path) => folderEntity(library, path)),
          );
        }),
      );
    case 'GET files':
      return reading(
        context,
        inFolder(() => odataCollection(request, library.filesIn(folder).map(fileEntity))),
      );
    case 'POST addsubfolderusingpath':
      return writing(context, inFolder(addFolder(context, folder, call)));
    case 'POST folders addusingpath':
      return writing(context, inFolder(addFolder(context, folder, add)));
    case 'POST files add':
    case 'POST files addusingpath':
      return writing(context, inFolder(upload(context, folder, add)));
    default:
      throw noSuchResource(`web/folder/${calls.map(({ name }) => name).join('/')}`);
  }
}

function addFolder({ library, request }: FileContext, folder: string, call: ODataCall | undefined) {
  const path = childPath(folder, call ? nameArgument(call) : '');
  return () => {
    if (!library.hasFolder(path)) library.addFolder(path);
    return odataEntity(request, folderEntity(library, path));
  };
}

function upload({ deps, library, request }: FileContext, folder: string, call: ODataCall | undefined) {
  const path = childPath(folder, call ? nameArgument(call) : '');
  const overwrite = call?.args.get('overwrite') === true;
  return async () => {
    const standing = library.findFile(path);
    if (standing && !overwrite) throw fileExists(standing.path, standing.file.modifiedAt);
    const key = await deps.pictures.keep(request.body);
    const modifiedAt = new Date(deps.clock.now()).toISOString();
    const file = { sha256: key, key, length: request.body.length, modifiedAt, writtenBy: 'app' as const };
    return odataEntity(request, fileEntity(library.saveFile(path, file)));
  };
}

/** `/_api/web/GetFileByServerRelativePath(…)/…`, and files by their plain URL. */

import type { ServiceAnswer } from '../books';
import { fileEntity } from './file-entities';
import { reading, writing, type FileContext } from './file-work';
import type { SavedFile } from './library';
import { odataEntity, odataValue } from './odata-answer';
import type { ODataCall } from './odata-literals';
import { noSuchFile, noSuchResource } from './errors';
import type { SharePointWork } from './work';
import { stableGuid } from './stable-guid';

/** `calls` are those after the one that names the file. */
export function fileWork(context: FileContext, path: string, calls: ODataCall[]): SharePointWork {
  const { deps, library, request } = context;
  const method = request.headers['x-http-method']?.toUpperCase() ?? request.method;
  const route = [method, ...calls.map(({ name }) => name)].join(' ');

  const withFile = (run: (found: SavedFile) => ServiceAnswer | Promise<ServiceAnswer>) => () => {
    const found = library.findFile(path);
    if (!found) throw noSuchFile(path);
    return run(found);
  };
  switch (route) {
    case 'GET':
      return reading(
        context,
        withFile((found) => odataEntity(request, fileEntity(found))),
      );
    case 'GET exists':
      return reading(
        context,
        withFile(() => odataValue(request, 'Exists', true)),
      );
    case 'GET $value':
      return reading(
        context,
        withFile((found) => bytesOf(context, found, 'application/octet-stream')),
      );
    case 'DELETE':
    case 'POST deleteobject':
      return writing(
        context,
        withFile((found) => {
          deps.retention.requireDeletable(found.path);
          library.removeFile(found.path);
          return odataValue(request, 'DeleteObject', null);
        }),
      );
    case 'POST recycle':
      return writing(
        context,
        withFile((found) => {
          deps.retention.requireDeletable(found.path);
          library.removeFile(found.path);
          return odataValue(request, 'Recycle', stableGuid(`${found.path} ${deps.clock.now()}`));
        }),
      );
    default:
      throw noSuchResource(`web/file/${calls.map(({ name }) => name).join('/')}`);
  }
}

/** A browser's way to a file. */
export function plainFileWork(context: FileContext): SharePointWork {
  return reading(context, () => {
    const found = context.library.findFile(decodePath(context.request.url.pathname));
    if (!found) return { status: 404, headers: { 'Content-Type': 'text/plain' }, body: '404 FILE NOT FOUND' };
    return bytesOf(context, found, 'image/jpeg');
  });
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

async function bytesOf(
  { deps }: FileContext,
  { file }: SavedFile,
  contentType: string,
): Promise<ServiceAnswer> {
  const body = await deps.pictures.read(file.key);
  return {
    status: 200,
    headers: { 'Content-Type': contentType, 'Last-Modified': toHttpDate(file.modifiedAt) },
    body,
  };
}

const toHttpDate = (iso: string): string => new Date(iso).toUTCString();

import { visitSharePoint } from '../people/visit-sharepoint';
import { z } from 'zod';
import { renameFolder } from '../people/rename-folder';
import { ControlProblem } from './control-problem';
import { flagIn, jsonBody, type ControlRequest, type ControlRoute } from './control-route';
import { personIn, type TenantParts } from './tenant-parts';

const PICTURE_PATH = /^\/User Photos\/[^/]+\/[^/]+$/;

const versioningSchema = z.strictObject({
  enabled: z.boolean(),
  majorVersionLimit: z.number().int().min(1).max(50_000).optional(),
});

const folderSchema = z.strictObject({ name: z.string().regex(/^[^/\\]{1,100}$/) });

/** What SharePoint, a person or an admin does there past the app. */
export function sharePointRoutes(parts: TenantParts): ControlRoute[] {
  const { books, pictures, clock, changes } = parts;
  return [
    {
      method: 'POST',
      path: /^users\/([0-9a-fA-F-]{36})\/visit$/,
      run: async ({ params, query }) => {
        const person = personIn(parts, params[0]);
        const visit = await visitSharePoint(parts, person, flagIn(query, 'force') ?? false);
        if (visit === 'pulled') changes.sharePointChanged();
        return { json: { visit } };
      },
    },
    {
      method: 'PUT',
      path: /^folder$/,
      run: (request) => {
        const { name } = jsonBody(request, folderSchema);
        renameFolder(books, name);
        changes.sharePointChanged();
        return { json: { name } };
      },
    },
    {
      method: 'PUT',
      path: /^versioning$/,
      run: (request) => {
        Object.assign(parts.versioning, jsonBody(request, versioningSchema));
        return { json: parts.versioning };
      },
    },
    {
      method: 'PUT',
      path: /^files$/,
      run: async (request) => {
        const path = pathIn(request);
        const key = await pictures.keep(request.body);
        const modifiedAt = clock.iso();
        const { length } = request.body;
        books.files.set(path, { sha256: key, key, length, modifiedAt, writtenBy: writerIn(request) });
        changes.sharePointChanged();
        return { json: { path, sha256: key } };
      },
    },
    {
      method: 'DELETE',
      path: /^files$/,
      run: (request) => {
        const deleted = books.files.delete(pathIn(request));
        changes.sharePointChanged();
        return { json: { deleted } };
      },
    },
  ];
}

function pathIn({ query }: ControlRequest): string {
  const path = query.get('path') ?? '';
  if (!PICTURE_PATH.test(path)) {
    throw new ControlProblem(400, '"path" has to be like /User Photos/<folder>/<file>.');
  }
  return path;
}

/** Whose bytes they are for the books: the app's of an earlier day, or somebody else's. */
function writerIn({ query }: ControlRequest): 'app' | 'sharepoint' {
  const writer = query.get('writtenBy') ?? 'sharepoint';
  if (writer !== 'app' && writer !== 'sharepoint') {
    throw new ControlProblem(400, '"writtenBy" has to be app or sharepoint.');
  }
  return writer;
}

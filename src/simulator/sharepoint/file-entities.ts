import { nameOf, type Library, type SavedFile } from './library';
import type { ODataEntity } from './odata-answer';
import { stableGuid } from './stable-guid';

/** The books keep no times for folders. */
const FOLDER_TIME = '2020-01-01T00:00:00Z';

/** `SP.Folder` */
export function folderEntity(library: Library, path: string): ODataEntity {
  return {
    Exists: true,
    ExistsAllowThrowForPolicyFailures: true,
    ExistsWithException: true,
    IsWOPIEnabled: false,
    ItemCount: library.filesIn(path).length + library.subfolderPaths(path).length,
    Name: nameOf(path),
    ProgID: null,
    ServerRelativeUrl: path,
    TimeCreated: FOLDER_TIME,
    TimeLastModified: FOLDER_TIME,
    UniqueId: stableGuid(path.toLowerCase()),
    WelcomePage: '',
  };
}

/** `SP.File` */
export function fileEntity({ path, file }: SavedFile): ODataEntity {
  const id = stableGuid(path.toLowerCase());
  return {
    CheckInComment: '',
    CheckOutType: 2,
    ContentTag: `{${id.toUpperCase()}},1,1`,
    CustomizedPageStatus: 0,
    ETag: `"{${id.toUpperCase()}},1"`,
    Exists: true,
    ExistsAllowThrowForPolicyFailures: true,
    ExistsWithException: true,
    IrmEnabled: false,
    Length: String(file.length),
    Level: 1,
    LinkingUri: null,
    LinkingUrl: '',
    MajorVersion: 1,
    MinorVersion: 0,
    Name: nameOf(path),
    ServerRelativeUrl: path,
    TimeCreated: file.modifiedAt,
    TimeLastModified: file.modifiedAt,
    Title: null,
    UIVersion: 512,
    UIVersionLabel: '1.0',
    UniqueId: id,
  };
}

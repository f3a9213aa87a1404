/** What SharePoint refuses with: the same exception stands in a REST error and in the `ErrorInfo` of CSOM. */

export class SharePointError extends Error {
  constructor(
    /** Of a REST answer; CSOM reports the same error with 200. */
    readonly status: number,
    readonly hresult: number,
    readonly typeName: string,
    message: string,
  ) {
    super(message);
  }
}

const ACCESS_DENIED = -2147024891;
const FILE_NOT_FOUND = -2147024894;
const NO_SUCH_FILE = -2130575338;
const FILE_EXISTS = -2130575257;
const INVALID_NAME = -2130575245;
const GENERAL = -1;

/** https://learn.microsoft.com/openspecs/sharepoint_protocols/ms-csomspt/d647eab8-3c4a-4121-b248-35d7423a11da */
export const accessDenied = () =>
  new SharePointError(
    403,
    ACCESS_DENIED,
    'System.UnauthorizedAccessException',
    'Access denied. You do not have permission to perform this action or access this resource.',
  );

/** https://github.com/pnp/powershell/issues/4267 */
export const profileReadDenied = () =>
  new SharePointError(
    403,
    ACCESS_DENIED,
    'System.UnauthorizedAccessException',
    'Access Denied: This application does not have the required permissions to access profile information.',
  );

export const noSuchProfile = () =>
  new SharePointError(
    500,
    GENERAL,
    'Microsoft.Office.Server.UserProfiles.UserNotFoundException',
    'User Profile Error 1000: User Not Found: Could not load profile data from the database.',
  );

/** https://github.com/pnp/cli-microsoft365/pull/1695 */
export const propertyNotEditable = () =>
  new SharePointError(
    500,
    GENERAL,
    'Microsoft.Office.Server.UserProfiles.PropertyNotEditableException',
    'Property Not Editable: This property can only be modified by an administrator.',
  );

export const noSuchProperty = (name: string) =>
  new SharePointError(
    500,
    GENERAL,
    'Microsoft.Office.Server.UserProfiles.PropertyNotFoundException',
    `Property Not Found: The property "${name}" could not be found.`,
  );

export const noSuchFolder = () =>
  new SharePointError(404, FILE_NOT_FOUND, 'System.IO.FileNotFoundException', 'File Not Found.');

export const noSuchFile = (path: string) =>
  new SharePointError(
    404,
    NO_SUCH_FILE,
    'Microsoft.SharePoint.SPException',
    `The file ${path} does not exist.`,
  );

export const fileExists = (path: string, modifiedAt: string) =>
  new SharePointError(
    400,
    FILE_EXISTS,
    'Microsoft.SharePoint.SPException',
    `A file with the name ${path.slice(1)} already exists. It was last modified by SharePoint App on ${modifiedAt}.`,
  );

export const invalidFileName = (name: string) =>
  new SharePointError(
    400,
    INVALID_NAME,
    'Microsoft.SharePoint.SPException',
    `The file or folder name "${name}" contains characters that are not permitted. Please use a different name.`,
  );

export const invalidQuery = (message: string) =>
  new SharePointError(400, GENERAL, 'Microsoft.SharePoint.Client.InvalidClientQueryException', message);

/** A value in a JSON body that isn't of the parameter's type. */
export const wrongValueType = (expected: string) =>
  new SharePointError(
    400,
    GENERAL,
    'Microsoft.Data.OData.ODataException',
    `Cannot convert a primitive value to the expected type '${expected}'. See the inner exception for more details.`,
  );

export const noSuchResource = (name: string) =>
  new SharePointError(
    404,
    GENERAL,
    'Microsoft.SharePoint.Client.ResourceNotFoundException',
    `Cannot find resource for the request ${name}.`,
  );

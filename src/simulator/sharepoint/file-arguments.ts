/** Paths and names as the file calls take them. */

import { stringArgument, type ODataCall } from './odata-literals';
import { invalidFileName } from './errors';

const NOT_IN_NAMES = /["*:<>?/\\|\p{Cc}]/u;

/**
 * The calls with `url` can't tell an encoded value from a plain one, so they take no `#` and no `%`; those with
 * `DecodedUrl` do. https://learn.microsoft.com/sharepoint/dev/solution-guidance/supporting-and-in-file-and-folder-with-the-resourcepath-api
 */
const NOT_IN_URLS = /[#%]/;

/** The value of `DecodedUrl`, or of the older parameter `urlName`, which may stand without its name. */
function pathArgument(call: ODataCall, urlName: string): string {
  if (call.args.has('decodedurl')) return stringArgument(call, 'DecodedUrl');
  const value = call.args.has('') ? stringArgument(call, '') : stringArgument(call, urlName);
  if (NOT_IN_URLS.test(value)) throw invalidFileName(value);
  return value;
}

/** A server-relative path, with a slash in front and none behind. */
export const serverPathArgument = (call: ODataCall): string =>
  `/${pathArgument(call, 'serverRelativeUrl')}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');

export function nameArgument(call: ODataCall | undefined): string {
  const name = call ? pathArgument(call, 'url') : '';
  if (name === '' || NOT_IN_NAMES.test(name)) throw invalidFileName(name);
  return name;
}

import type { LoggedRequest } from './control-api';

/** What a request of the app's asks, in a few words, so that a test can state a list of them. */
const names: [name: string, service: LoggedRequest['service'], pattern: RegExp][] = [
  ['Graph: photo metadata', 'graph', /^GET \/v1\.0\/users\/[^/]+\/photo$/],
  ['Graph: user', 'graph', /^GET \/v1\.0\/users\/[^/?]+\?/],
  ['Graph: user and pictures', 'graph', /^POST \/v1\.0\/\$batch$/],
  ['Graph: whole photo', 'graph', /^GET \/v1\.0\/users\/[^/]+\/photo\/\$value$/],
  ['SharePoint: profile', 'admin', /^GET .*GetPropertiesFor/],
  ['SharePoint: picture folder', 'mysite', /^GET .*\/Folders/],
  ['SharePoint: S file', 'mysite', /^POST .*m365-[0-9a-f-]{36}_SThumb\.jpg/],
  ['SharePoint: M file', 'mysite', /^POST .*m365-[0-9a-f-]{36}_MThumb\.jpg/],
  ['SharePoint: L file', 'mysite', /^POST .*m365-[0-9a-f-]{36}_LThumb\.jpg/],
  ['SharePoint: all properties', 'admin', /^POST \/_vti_bin\/client\.svc\/ProcessQuery$/],
  ['SharePoint: one property', 'admin', /^POST .*SetSingleValueProfileProperty/],
  ['root: profile', 'root', /^GET .*GetPropertiesFor/],
  ['root: one property', 'root', /^POST .*SetSingleValueProfileProperty/],
];

/** In order, without those for tokens. One that the app should not make shows as it is. */
export function nameRequests(requests: readonly LoggedRequest[]): string[] {
  return requests
    .filter(({ service }) => service !== 'identity')
    .map(({ service, method, path }) => {
      const line = `${method} ${path}`;
      const known = names.find(([, of, pattern]) => of === service && pattern.test(line));
      return known?.[0] ?? `${service}: ${line}`;
    });
}

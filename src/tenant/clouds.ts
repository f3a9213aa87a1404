/** Where Microsoft 365 lives, by cloud. https://learn.microsoft.com/graph/deployments */
export interface Cloud {
  graphUrl: string;
  /** Where the admin's own tools sign in; the app itself asks its managed identity. */
  loginUrl: string;
  /** What every host of the cloud's Graph ends in. */
  graphSuffix: string;
  /** What every SharePoint host of the cloud ends in. */
  sharePointSuffix: string;
}

const worldwide: Cloud = {
  graphUrl: 'https://graph.microsoft.com',
  loginUrl: 'https://login.microsoftonline.com',
  graphSuffix: '.microsoft.com',
  sharePointSuffix: '.sharepoint.com',
};

export const clouds = {
  global: worldwide,
  gcc: worldwide,
  gcchigh: {
    graphUrl: 'https://graph.microsoft.us',
    loginUrl: 'https://login.microsoftonline.us',
    graphSuffix: '.microsoft.us',
    sharePointSuffix: '.sharepoint.us',
  },
  dod: {
    graphUrl: 'https://dod-graph.microsoft.us',
    loginUrl: 'https://login.microsoftonline.us',
    graphSuffix: '.microsoft.us',
    sharePointSuffix: '.sharepoint-mil.us',
  },
  china: {
    graphUrl: 'https://microsoftgraph.chinacloudapi.cn',
    loginUrl: 'https://login.chinacloudapi.cn',
    graphSuffix: '.chinacloudapi.cn',
    sharePointSuffix: '.sharepoint.cn',
  },
} as const satisfies Record<string, Cloud>;

export type CloudName = keyof typeof clouds;

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopback(url: URL): boolean {
  return loopbackHosts.has(url.hostname);
}

/**
 * Whether a token may go to this address: https to a host of the cloud, or anything on this machine itself.
 * @returns the origin, or a sentence that says what is wrong with it.
 */
export function checkServiceUrl(value: string, suffix: string): { origin: string } | { problem: string } {
  if (!URL.canParse(value)) return { problem: 'is not a URL' };
  const url = new URL(value);
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    return { problem: 'must be only a host, like https://host.example' };
  }
  if (isLoopback(url) && (url.protocol === 'https:' || url.protocol === 'http:'))
    return { origin: url.origin };
  if (url.protocol !== 'https:') return { problem: 'must start with https://' };
  if (!url.hostname.endsWith(suffix))
    return { problem: `${url.hostname} does not end in ${suffix}, as this cloud's hosts do` };
  return { origin: url.origin };
}

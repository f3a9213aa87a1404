import { checkServiceUrl, clouds } from '../../src/tenant/clouds';

describe('An address that gets tokens', () => {
  it.each([
    { value: 'https://contoso.sharepoint.com', origin: 'https://contoso.sharepoint.com' },
    { value: 'https://contoso.sharepoint.com/', origin: 'https://contoso.sharepoint.com' },
    { value: 'HTTPS://Contoso-My.SharePoint.com:443', origin: 'https://contoso-my.sharepoint.com' },
    { value: 'https://contoso.sharepoint.com:8443', origin: 'https://contoso.sharepoint.com:8443' },
    { value: 'https://localhost:7082', origin: 'https://localhost:7082' },
    { value: 'http://localhost:7082', origin: 'http://localhost:7082' },
    { value: 'http://127.0.0.1:7082', origin: 'http://127.0.0.1:7082' },
    { value: 'http://[::1]:7082', origin: 'http://[::1]:7082' },
  ])('may be $value', ({ value, origin }) => {
    expect(checkServiceUrl(value, '.sharepoint.com')).toEqual({ origin });
  });

  it.each([
    { value: 'contoso.sharepoint.com', then: 'is not a URL' },
    { value: '', then: 'is not a URL' },
    { value: 'https://', then: 'is not a URL' },
    { value: 'http://contoso.sharepoint.com', then: 'must start with https://' },
    { value: 'ftp://localhost', then: 'must start with https://' },
    { value: 'http://localhost.evil.example', then: 'must start with https://' },
    { value: 'http://127.0.0.1.evil.example', then: 'must start with https://' },
    { value: 'http://10.0.0.1', then: 'must start with https://' },
    { value: 'https://sharepoint.com', then: 'does not end in .sharepoint.com' },
    { value: 'https://evilsharepoint.com', then: 'does not end in .sharepoint.com' },
    { value: 'https://contoso.sharepoint.com.evil.example', then: 'does not end in .sharepoint.com' },
    { value: 'https://contoso.sharepoint.com.', then: 'does not end in .sharepoint.com' },
    { value: 'https://contoso.sharepoint.us', then: 'does not end in .sharepoint.com' },
    { value: 'https://10.0.0.1', then: 'does not end in .sharepoint.com' },
    { value: 'https://contoso.sharepoint.com@evil.example', then: 'must be only a host' },
    { value: 'https://evil.example#.sharepoint.com', then: 'must be only a host' },
    { value: 'https://evil.example?.sharepoint.com', then: 'must be only a host' },
    { value: 'https://evil.example/.sharepoint.com', then: 'must be only a host' },
    { value: 'https://evil.example\\.sharepoint.com', then: 'must be only a host' },
    { value: 'https://contoso.sharepoint.com/sites/x', then: 'must be only a host' },
    { value: 'https://contoso.sharepoint.com?a=b', then: 'must be only a host' },
  ])('may not be $value', ({ value, then }) => {
    expect(checkServiceUrl(value, '.sharepoint.com')).toEqual({ problem: expect.stringContaining(then) });
  });
});

describe('The cloud', () => {
  // https://learn.microsoft.com/graph/deployments and https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
  it.each([
    {
      name: 'global',
      graph: 'https://graph.microsoft.com',
      login: 'https://login.microsoftonline.com',
      sharePoint: '.sharepoint.com',
    },
    {
      name: 'gcc',
      graph: 'https://graph.microsoft.com',
      login: 'https://login.microsoftonline.com',
      sharePoint: '.sharepoint.com',
    },
    {
      name: 'gcchigh',
      graph: 'https://graph.microsoft.us',
      login: 'https://login.microsoftonline.us',
      sharePoint: '.sharepoint.us',
    },
    {
      name: 'dod',
      graph: 'https://dod-graph.microsoft.us',
      login: 'https://login.microsoftonline.us',
      sharePoint: '.sharepoint-mil.us',
    },
    {
      name: 'china',
      graph: 'https://microsoftgraph.chinacloudapi.cn',
      login: 'https://login.chinacloudapi.cn',
      sharePoint: '.sharepoint.cn',
    },
  ] as const)(
    '$name has its own hosts, and its Graph is one of them',
    ({ name, graph, login, sharePoint }) => {
      const cloud = clouds[name];
      expect(cloud).toMatchObject({ graphUrl: graph, loginUrl: login, sharePointSuffix: sharePoint });
      expect(checkServiceUrl(cloud.graphUrl, cloud.graphSuffix)).toEqual({ origin: graph });
    },
  );
});

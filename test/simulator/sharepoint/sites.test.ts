import { createTestTenant, origins } from './tenant';

it.each(['root', 'mysite', 'admin'] as const)('hands out a form digest on %s', async (role) => {
  const { call } = createTestTenant();
  const { status, json } = await call('/_api/contextinfo', { role, method: 'POST' });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    FormDigestTimeoutSeconds: 1_800,
    FormDigestValue: expect.stringMatching(/^0x[0-9A-F]{128},24 Nov 2026 10:00:00 -0000$/) as string,
    WebFullUrl: origins[role],
  });
});

it('describes the site', async () => {
  const { call } = createTestTenant();
  const answer = await call('/_api/web?$select=Url,ServerRelativeUrl', { role: 'root' });
  expect(answer.json).toEqual({ Url: origins.root, ServerRelativeUrl: '/' });
});

it.each([
  { path: '/_api/nonsense', method: 'GET', status: 404 },
  { path: '/_api/web/nonsense', method: 'GET', status: 404 },
  { path: '/_api/SP.UserProfiles.PeopleManager/Follow', method: 'POST', status: 404 },
  { path: '/_api/SP.UserProfiles.PeopleManager', method: 'GET', status: 404 },
  { path: '/_api/contextinfo', method: 'GET', status: 404 },
  { path: '/_api/web/%E0%A4%A', method: 'GET', status: 400 },
  { path: '/nonsense', method: 'GET', status: 404 },
  { path: '/nonsense', method: 'PUT', status: 405 },
])('answers $method $path with $status', async ({ path, method, status }) => {
  const { call } = createTestTenant();
  expect((await call(path, { method })).status).toBe(status);
});

it('wraps errors otherwise when asked for verbose', async () => {
  const { call } = createTestTenant();
  const { json } = await call('/_api/nonsense', { headers: { accept: 'application/json;odata=verbose' } });
  expect(json).toMatchObject({
    error: { code: '-1, Microsoft.SharePoint.Client.ResourceNotFoundException' },
  });
});

it('throttles with Retry-After and says how much is left', async () => {
  const { call, advance } = createTestTenant({ limits: 0.01 });
  const ask = () => call('/_api/web', { role: 'root' });
  for (let n = 0; n < 6; n += 1) expect((await ask()).status).toBe(200);
  const refused = await ask();
  expect(refused.status).toBe(429);
  expect(refused.headers).toMatchObject({ 'RateLimit-Limit': '12', 'RateLimit-Remaining': '0' });
  advance(Number(refused.headers?.['Retry-After']));
  expect((await ask()).status).toBe(200);
});

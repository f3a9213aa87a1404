import jwt from 'jsonwebtoken';
import { LOCAL_IDENTITY_HEADER } from '../../src/simulator/settings';
import { runSimulator, send, type Answer, type RunningSimulator } from './running-simulator';

interface TokenAnswer {
  access_token: string;
  expires_on: string;
  resource: string;
}

async function ask(
  simulator: RunningSimulator,
  resource: string,
  header = LOCAL_IDENTITY_HEADER,
  query = '',
) {
  const url = `${simulator.identityUrl}/msi/token?resource=${encodeURIComponent(resource)}&api-version=2019-08-01${query}`;
  return send(url, { headers: { 'X-IDENTITY-HEADER': header } });
}

const claimsOf = (answer: Pick<Answer, 'json'>) =>
  jwt.decode(answer.json<TokenAnswer>().access_token) as jwt.JwtPayload;

describe('the identity endpoint', () => {
  let simulator: RunningSimulator;

  beforeAll(async () => {
    simulator = await runSimulator({ SIM_PEOPLE: '0', SIM_TOKEN_CACHE: 'on' });
  });
  afterAll(() => simulator.end());

  it.each([
    { resource: () => simulator.graphUrl, roles: ['User.Read.All'] },
    { resource: () => 'https://contoso-my.sharepoint.com', roles: ['User.ReadWrite.All', 'Sites.Selected'] },
    { resource: () => 'https://storage.azure.com/', roles: [] },
  ])('gives a token with the roles of its resource: $roles', async ({ resource, roles }) => {
    const answer = await ask(simulator, resource());
    expect(answer.status).toBe(200);
    expect(answer.json<TokenAnswer>()).toMatchObject({
      token_type: 'Bearer',
      resource: resource().replace(/\/$/, ''),
    });
    expect(Number(answer.json<TokenAnswer>().expires_on)).toBeGreaterThan(Date.now() / 1_000 + 3_600);
    expect(claimsOf(answer)).toMatchObject({ aud: resource().replace(/\/$/, ''), roles });
    expect(claimsOf(answer).iss).toMatch(/^https:\/\/sts\.windows\.net\/[0-9a-f-]{36}\/$/);
  });

  it.each([
    { when: 'the header is wrong', resource: 'https://storage.azure.com', header: 'other', status: 401 },
    {
      when: 'the resource is not of this tenant',
      resource: 'https://vault.azure.net',
      header: undefined,
      status: 400,
    },
  ])('refuses when $when', async ({ resource, header, status }) => {
    expect((await ask(simulator, resource, header)).status).toBe(status);
  });

  it("shows newly granted roles only after a day, with the day's cache on", async () => {
    const rolesNow = async () =>
      claimsOf(await ask(simulator, simulator.graphUrl, undefined, '&client_id=me'))['roles'] as string[];
    await simulator.control('PUT', 'roles', { graph: [] });
    expect(await rolesNow()).toEqual([]);
    await simulator.control('PUT', 'roles', { graph: ['User.Read.All'] });
    expect(await rolesNow()).toEqual([]);
    await simulator.control('POST', 'clock', { advanceSeconds: 24 * 60 * 60 });
    expect(await rolesNow()).toEqual(['User.Read.All']);
  });
});

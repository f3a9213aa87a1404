import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { runSimulator, send, type RunningSimulator } from './running-simulator';

describe('who may speak to the tenant', () => {
  let simulator: RunningSimulator;

  beforeAll(async () => {
    simulator = await runSimulator({ SIM_PEOPLE: '1' });
  });
  afterAll(() => simulator.end());

  const ask = (token: string | undefined) =>
    send(
      `${simulator.graphUrl}/v1.0/users`,
      { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } },
      simulator.ca,
    );

  const foreign = (audience: string) =>
    jwt.sign(
      { aud: audience, roles: ['User.Read.All'] },
      generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey,
      { algorithm: 'RS256', expiresIn: 60 },
    );

  it.each([
    { when: "the port's own origin", token: () => simulator.tokenFor(simulator.graphUrl) },
    { when: 'the real name it stands for', token: () => simulator.tokenFor('https://graph.microsoft.com') },
    { when: 'that name with a slash', token: () => simulator.tokenFor('https://graph.microsoft.com/') },
  ])('takes a token for $when', async ({ token }) => {
    expect((await ask(token())).status).toBe(200);
  });

  it.each([
    { when: 'no token', token: () => undefined },
    { when: 'no JWT at all', token: () => 'secret' },
    { when: "another signer's token", token: () => foreign(simulator.graphUrl) },
    {
      when: 'an unsigned token',
      token: () => jwt.sign({ aud: simulator.graphUrl }, '', { algorithm: 'none' }),
    },
    { when: 'an expired token', token: () => simulator.tokenFor(simulator.graphUrl, ['User.Read.All'], -60) },
    { when: "another port's token", token: () => simulator.tokenFor(simulator.adminUrl) },
    { when: 'a token for storage', token: () => simulator.tokenFor('https://storage.azure.com') },
  ])('refuses $when as Graph does', async ({ token }) => {
    const answer = await ask(token());
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
    expect(answer.json<{ error: { code: string } }>().error.code).toBe('InvalidAuthenticationToken');
  });

  it('refuses as SharePoint does on the SharePoint ports', async () => {
    const headers = { authorization: `Bearer ${simulator.tokenFor(simulator.graphUrl)}` };
    const answer = await send(`${simulator.adminUrl}/_api/web`, { headers }, simulator.ca);
    expect(answer.status).toBe(401);
    expect(answer.headers['x-ms-diagnostics']).toContain('invalid_client');
  });

  it('keeps no token, neither its own nor a foreign one', async () => {
    const token = foreign(simulator.graphUrl);
    await ask(token);
    const log = await simulator.control('GET', 'requests?since=0');
    expect(log.body.toString()).not.toContain(token.slice(0, 20));
    expect(log.json<{ status: number }[]>().at(-1)?.status).toBe(401);
  });

  it('asks for the role', async () => {
    const answer = await simulator.graph('/users', {}, simulator.tokenFor(simulator.graphUrl, []));
    expect(answer.status).toBe(403);
    expect(answer.json<{ error: { code: string } }>().error.code).toBe('Authorization_RequestDenied');
  });
});

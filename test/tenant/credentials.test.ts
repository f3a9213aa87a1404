import { createCredentials } from '../../src/tenant/credentials';

const graph = 'https://graph.microsoft.com';
const timeoutMs = 50;

function setUp(getToken: (scope: string) => Promise<{ token: string } | null>, rightsGranted = true) {
  const source = { getToken: jest.fn(getToken) };
  return { source, credentials: createCredentials(source, { rightsGranted, timeoutMs }) };
}

describe('A token', () => {
  it('is asked for one host at a time', async () => {
    const { source, credentials } = setUp(async (scope) => ({ token: `token of ${scope}` }));
    expect(await credentials.tokenFor(graph)).toBe('token of https://graph.microsoft.com/.default');
    expect(await credentials.tokenFor('https://localhost:7083')).toBe(
      'token of https://localhost:7083/.default',
    );
    expect(source.getToken).toHaveBeenCalledTimes(2);
  });

  it('is not asked for before the rights are granted', async () => {
    const { source, credentials } = setUp(async () => ({ token: 'x' }), false);
    await expect(credentials.tokenFor(graph)).rejects.toMatchObject({
      name: 'ServiceFailure',
      service: 'rights',
      message: expect.stringContaining('RIGHTS_GRANTED'),
    });
    expect(source.getToken).not.toHaveBeenCalled();
  });

  it.each([
    { when: 'the endpoint gives none', getToken: async () => null, then: 'gave no token' },
    {
      when: 'the endpoint does not answer',
      getToken: () => new Promise<null>(() => undefined),
      then: 'did not answer in time',
    },
    {
      when: 'the endpoint fails',
      getToken: () =>
        Promise.reject(Object.assign(new Error('secret header x'), { name: 'AuthenticationError' })),
      then: '(AuthenticationError)',
    },
    {
      when: 'the endpoint fails oddly',
      getToken: async () => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a library may do
        throw 'secret header x';
      },
      then: '(unknown error)',
    },
  ])(
    'that can’t be had is a failure of the identity, without its details: $when',
    async ({ getToken, then }) => {
      const failure = setUp(getToken).credentials.tokenFor(graph);
      await expect(failure).rejects.toMatchObject({ name: 'ServiceFailure', service: 'identity' });
      await expect(failure).rejects.toThrow(then);
      await expect(failure).rejects.not.toThrow(/secret/);
    },
  );
});

import { ServiceFailure } from '../../src/errors';
import { createGraphClient } from '../../src/tenant/graph-client';

describe('A request to Graph', () => {
  it.each([
    '/evil.example/x?https://',
    '/subscriptions?$skiptoken=HTTPS://evil.example/',
    'https://evil.example/v1.0/users',
    '/users?http://evil.example',
  ])('is not made, and no token is asked for, when an address stands in its path: %s', async (path) => {
    const tokenFor = jest.fn().mockResolvedValue('token');
    const client = createGraphClient(
      { tokenFor },
      { graphUrl: 'https://graph.microsoft.com', timeoutMs: 1000 },
    );
    await expect(client.request('GET', path)).rejects.toThrow(ServiceFailure);
    expect(tokenFor).not.toHaveBeenCalled();
  });
});

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { warmEndpoint } from '../../src/subscription/warm-endpoint';

let server: Server;
let answer: (token: string, response: ServerResponse) => void;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    answer(new URL(request.url ?? '', 'http://x').searchParams.get('validationToken') ?? '', response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/notifications`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it.each([
  { when: 'the token comes back', path: '', status: 200, body: undefined, then: undefined },
  { when: 'there is a query already', path: '?code=x', status: 200, body: undefined, then: undefined },
  { when: 'something else comes back', path: '', status: 200, body: 'Hello', then: 'Something else' },
  { when: 'sign-in is asked for', path: '', status: 401, body: '', then: 'sign-in' },
  { when: 'it redirects', path: '', status: 302, body: '', then: 'EasyAuth' },
  { when: 'the path is unknown', path: '', status: 404, body: '', then: 'path or the host' },
  { when: 'it fails', path: '', status: 503, body: '', then: 'not well yet' },
])('The cause is $then when $when', async ({ path, status, body, then }) => {
  answer = (token, response) => response.writeHead(status).end(body ?? token);
  const cause = await warmEndpoint(`${url}${path}`, 5000);
  if (then === undefined) expect(cause).toBeUndefined();
  else expect(cause).toContain(then);
});

it('The cause is told in time when nothing answers, and when nothing is there', async () => {
  answer = () => undefined;
  expect(await warmEndpoint(url, 50)).toContain('no answer in time');
  expect(await warmEndpoint('http://127.0.0.1:1/', 5000)).toContain('can’t be reached');
});

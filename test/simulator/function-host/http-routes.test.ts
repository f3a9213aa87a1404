import type { AppFunction } from '../../../src/simulator/function-host/app-functions';
import { createRoutes } from '../../../src/simulator/function-host/http-routes';

const http = (name: string, route: string, methods = ['GET', 'POST']): AppFunction => ({
  name,
  triggerBinding: 'request',
  trigger: { kind: 'http', methods, route },
  metadata: { name, bindings: {} },
  callback: () => undefined,
});

const match = createRoutes(
  [
    http('all', 'notifications', ['GET', 'POST', 'HEAD', 'PUT']),
    http('one', 'items/{id}'),
    http('optional', 'reports/{kind}/{year?}'),
    http('rest', 'files/{*path}'),
    http('shadowed', 'items/special'),
  ],
  'api',
);

it.each([
  { when: 'the name is given', method: 'GET', path: '/api/notifications', then: { name: 'all', params: {} } },
  {
    when: 'there is a slash at the end',
    method: 'GET',
    path: '/api/notifications/',
    then: { name: 'all', params: {} },
  },
  { when: 'the case differs', method: 'GET', path: '/API/Notifications', then: { name: 'all', params: {} } },
  {
    when: 'a value is encoded',
    method: 'GET',
    path: '/api/items/a%20b',
    then: { name: 'one', params: { id: 'a b' } },
  },
  {
    when: 'a slash is encoded',
    method: 'GET',
    path: '/api/items/a%2Fb',
    then: { name: 'one', params: { id: 'a%2Fb' } },
  },
  {
    when: 'an encoding is broken',
    method: 'GET',
    path: '/api/items/a%zz',
    then: { name: 'one', params: { id: 'a%zz' } },
  },
  {
    when: 'two routes fit',
    method: 'GET',
    path: '/api/items/special',
    then: { name: 'one', params: { id: 'special' } },
  },
  {
    when: 'an optional part is left out',
    method: 'GET',
    path: '/api/reports/all',
    then: { name: 'optional', params: { kind: 'all' } },
  },
  {
    when: 'the rest has slashes',
    method: 'GET',
    path: '/api/files/a/b',
    then: { name: 'rest', params: { path: 'a/b' } },
  },
  { when: 'the method is not registered', method: 'DELETE', path: '/api/notifications', then: undefined },
  { when: 'a part is missing', method: 'GET', path: '/api/items', then: undefined },
  { when: 'there is a part too much', method: 'GET', path: '/api/items/a/b', then: undefined },
  { when: 'the prefix is missing', method: 'GET', path: '/notifications', then: undefined },
])('$when: $method $path', ({ method, path, then }) => {
  const found = match(method, path);
  expect(found && { name: found.target.name, params: found.params }).toEqual(then);
});

it('refuses a template that it would match wrongly', () => {
  expect(() => createRoutes([http('typed', 'items/{id:int}')], 'api')).toThrow('"{id:int}" is not served');
});

import { bypassProxies } from '../../../src/simulator/launching/bypass-proxies';

it.each([
  { given: undefined, then: '127.0.0.1,localhost' },
  { given: '', then: '127.0.0.1,localhost' },
  { given: 'corp.example', then: 'corp.example,127.0.0.1,localhost' },
  { given: 'localhost,corp.example', then: 'localhost,corp.example,127.0.0.1' },
])('This machine is reached without a proxy where NO_PROXY is $given', ({ given, then }) => {
  const environment = { ...(given !== undefined && { NO_PROXY: given, no_proxy: given }) };
  bypassProxies(environment);
  expect(environment).toEqual({ NO_PROXY: then, no_proxy: then });
});

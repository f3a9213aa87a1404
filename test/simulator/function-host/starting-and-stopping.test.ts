import { createServer } from 'node:net';
import { findFreePort } from '../../../src/simulator/launching/free-port';
import { eventually } from '../../support/eventually';
import { saidBy, startFixtureHost } from './fixture-host';

// A host is a process of its own, and takes a second or more to start on a busy machine.
jest.setTimeout(30_000);

it.each([
  { when: 'no file matches "main"', app: 'empty', then: /No file matches "missing\/\*\.js"/ },
  {
    when: 'an entry file throws',
    app: 'throwing',
    then: /functions\.cjs could not be loaded: Error: a setting/,
  },
  { when: 'nothing is registered', app: 'no-functions', then: /No function was registered by index\.cjs/ },
  { when: 'the app streams', app: 'streaming', then: /enableHttpStream/ },
])('does not start when $when', async ({ app, then }) => {
  await expect(startFixtureHost(app)).rejects.toThrow(then);
});

it('names the setting when its port is in use', async () => {
  const port = await findFreePort();
  const occupant = createServer().listen(port, '127.0.0.1');
  await expect(startFixtureHost('modules', {}, port)).rejects.toThrow(
    `Port ${String(port)} is in use. Set FUNCTIONS_PORT to another one`,
  );
  occupant.close();
});

it('loads ES modules, too', async () => {
  const host = await startFixtureHost('modules');
  expect(await (await fetch(`${host.url}/api/from-module`)).text()).toBe('an ES module');
  await host.stop();
});

it('runs a timer by its schedule', async () => {
  const host = await startFixtureHost('everything', { TIMER_SCHEDULE: '* * * * * *' });
  await eventually('the timer runs', () => saidBy(host, 'every-second').length > 0);
  await host.stop();
});

it('lets what is running end when it is stopped', async () => {
  const host = await startFixtureHost('everything');
  const answer = fetch(`${host.url}/api/slow`).then((response) => response.text());
  await eventually('the request is being answered', () => saidBy(host, 'slow').length > 0);
  await host.stop();
  expect(await answer).toBe('done');
  expect(await host.ended).toEqual({ code: 0, signal: null });
  await expect(fetch(`${host.url}/api/slow`)).rejects.toThrow();
});

import {
  addressSettings,
  readSampleSettings,
  settingsFromEnvironment,
} from '../../../src/simulator/launching/app-settings';
import { readStartOptions } from '../../../src/simulator/launching/start-options';

it('lets the environment change how the app behaves, not where things are or who it is', async () => {
  const sample = await readSampleSettings();
  const environment = {
    SYNC_MODE: 'report',
    PILOT_USERS: '',
    GRAPH_URL: 'https://graph.microsoft.com',
    AZURE_CLIENT_ID: '00000000-0000-0000-0000-000000000001',
    PhotoSyncStorage: 'another',
    PATH: '/bin',
  };
  expect(settingsFromEnvironment(sample, environment)).toEqual({ SYNC_MODE: 'report', PILOT_USERS: '' });
});

it('gives an address for every setting of the sample that holds one', async () => {
  const addresses = addressSettings({
    graphUrl: 'https://localhost:1',
    rootUrl: 'https://localhost:2',
    mySiteUrl: 'https://localhost:3',
    adminUrl: 'https://localhost:4',
    identityUrl: 'http://127.0.0.1:5',
    functionsUrl: 'http://127.0.0.1:6',
    caFile: '/tmp/ca.pem',
  });
  expect(addresses['IDENTITY_ENDPOINT']).toBe('http://127.0.0.1:5/msi/token');
  expect(addresses['NOTIFICATION_URL']).toBe('http://127.0.0.1:6/api/notifications');
  const withAddress = Object.entries(await readSampleSettings()).filter(([, value]) =>
    /^https?:/.test(value),
  );
  expect(Object.keys(addresses)).toEqual(expect.arrayContaining(withAddress.map(([name]) => name)));
});

it.each([
  { args: [], then: { reset: false } },
  { args: ['--reset'], then: { reset: true } },
  { args: ['--help'], then: undefined },
])('reads the options $args', ({ args, then }) => {
  expect(readStartOptions(args)).toEqual(then);
});

it('refuses an option it does not know', () => {
  expect(() => readStartOptions(['--rest'])).toThrow('--rest');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../src/config';
import { defaultSchedules } from '../src/schedules';
import { settingsSchema } from '../src/settings';
import { connectionName } from '../src/storage/names';

const sample = JSON.parse(readFileSync(join(__dirname, '../local.settings.sample.json'), 'utf8')) as {
  IsEncrypted: boolean;
  Values: Record<string, string>;
};

/** Settings that others than src/config.ts read: the Functions host, Node, @azure/identity, storage/connection.ts. */
const readElsewhere = [
  'FUNCTIONS_WORKER_RUNTIME',
  'AzureWebJobsStorage',
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'NODE_EXTRA_CA_CERTS',
  connectionName,
  ...['queueServiceUri', 'tableServiceUri', 'credential', 'clientId'].map(
    (name) => `${connectionName}__${name}`,
  ),
];

/** Set by App Service itself. */
const setByAzure = ['WEBSITE_HOSTNAME'];

describe('local.settings.sample.json', () => {
  it('holds every setting that the app reads, and none that nobody reads', () => {
    const inCode = Object.keys(settingsSchema.shape).filter((name) => !setByAzure.includes(name));
    expect(Object.keys(sample.Values).sort()).toEqual([...inCode, ...readElsewhere].sort());
  });

  it('is not encrypted and holds text only, as Core Tools want it', () => {
    expect(sample.IsEncrypted).toBe(false);
    for (const value of Object.values(sample.Values)) expect(typeof value).toBe('string');
  });

  it('is a configuration that works, writes, and reaches nothing but this machine', () => {
    const config = loadConfig(sample.Values);
    expect(config).toMatchObject({ mode: 'apply', rightsGranted: true, doctorRequired: false });
    const addresses = [
      config.graphUrl,
      config.sharePointRootUrl,
      config.notificationUrl,
      sample.Values.IDENTITY_ENDPOINT!,
    ];
    for (const { mySiteUrl, adminUrl } of config.geos) addresses.push(mySiteUrl, adminUrl);
    for (const address of addresses) expect(['localhost', '127.0.0.1']).toContain(new URL(address).hostname);
  });

  it('names the waits that are the code’s own defaults', () => {
    const waits = Object.entries(sample.Values).filter(([name]) => /_(SECONDS|MINUTES|MS)$/.test(name));
    expect(waits.length).toBeGreaterThan(5);
    const { TENANT_ID, SHAREPOINT_TENANT, NOTIFICATION_URL } = sample.Values;
    const least = { TENANT_ID, SHAREPOINT_TENANT, NOTIFICATION_URL };
    expect(loadConfig({ ...least, ...Object.fromEntries(waits) })).toEqual(loadConfig(least));
    expect(sample.Values.SUBSCRIPTION_SCHEDULE).toBe(defaultSchedules.SUBSCRIPTION_SCHEDULE);
  });
});

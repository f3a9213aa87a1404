import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readHostSettings } from '../../../src/simulator/function-host/host-settings';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'host-json-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = async (extensions: object, environment = {}) => {
  await writeFile(join(folder, 'host.json'), JSON.stringify({ version: '2.0', extensions }));
  return readHostSettings(folder, environment);
};

it('knows the defaults of the real host', async () => {
  expect(await read({})).toEqual({
    routePrefix: 'api',
    queues: {
      maxPollingIntervalMs: 60_000,
      failedVisibilitySeconds: 0,
      batchSize: 16,
      newBatchThreshold: 8,
      maxDequeueCount: 5,
      messageEncoding: 'base64',
      receiveVisibilitySeconds: 600,
    },
  });
});

it("reads the project's own host.json", async () => {
  const settings = await readHostSettings(resolve(__dirname, '../../..'), {});
  expect(settings.queues).toMatchObject({
    maxPollingIntervalMs: 1000,
    failedVisibilitySeconds: 60,
    batchSize: 4,
    newBatchThreshold: 0,
    maxDequeueCount: 5,
    messageEncoding: 'base64',
  });
});

it.each([
  { text: '00:00:00.100', milliseconds: 100 },
  { text: '00:01:00', milliseconds: 60_000 },
  { text: '1.02:00:00', milliseconds: 26 * 3_600_000 },
])('reads $text as a time', async ({ text, milliseconds }) => {
  const { queues } = await read({ queues: { maxPollingInterval: text } });
  expect(queues.maxPollingIntervalMs).toBe(milliseconds);
});

it('takes shorter waits from the environment', async () => {
  const minute = { queues: { visibilityTimeout: '00:01:00' } };
  const { queues } = await read(minute, {
    LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '2',
    LOCAL_HOST_RETRY_VISIBILITY_SECONDS: '0',
  });
  expect(queues).toMatchObject({ receiveVisibilitySeconds: 2, failedVisibilitySeconds: 0 });
});

it.each([{ LOCAL_HOST_RECEIVE_VISIBILITY_SECONDS: '0' }, { LOCAL_HOST_RETRY_VISIBILITY_SECONDS: '-1' }])(
  'refuses %j',
  async (environment) => {
    await expect(read({}, environment)).rejects.toThrow(Object.keys(environment)[0]);
  },
);

it('names everything that is wrong', async () => {
  const wrong = { queues: { batchSize: 33, visibilityTimeout: 'soon', messageEncoding: 'utf7' } };
  await expect(read(wrong)).rejects.toThrow(/batchSize[^]*messageEncoding|messageEncoding[^]*batchSize/);
  await expect(read(wrong)).rejects.toThrow('visibilityTimeout');
});

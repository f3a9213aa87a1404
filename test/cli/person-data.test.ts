import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { PersonData } from '../../src/cli/person-data';
import type { AzuriteAccount } from '../../src/simulator/azurite';
import { encodeIds } from '../../src/storage/member-ids';
import { tableNames } from '../../src/storage/names';
import { openAppStorage, type AppStorage } from '../support/app-storage';
import { takeAccount } from '../support/shared-azurite';

jest.setTimeout(60_000);

const personId = '5a0c8d3e-9f10-4c6a-8a53-0d9a1e7c4b21';
const otherId = '5a0c8d3f-9f10-4c6a-8a53-0d9a1e7c4b21';
const groupId = '99999999-9f10-4c6a-8a53-0d9a1e7c4b21';

let account: AzuriteAccount;
let storage: AppStorage;

beforeAll(async () => {
  account = await takeAccount();
  storage = openAppStorage(account.connectionString);
});

/** The script as an admin runs it. */
function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = join(__dirname, '../../scripts/person-data.mjs');
  const env = { PATH: process.env.PATH, PhotoSyncStorage: account.connectionString };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const rows = async (name: string) => {
  const found = [];
  for await (const row of storage.table(name).listEntities()) found.push(row);
  return found;
};

it.each([
  { when: 'nothing is said', args: [] },
  { when: 'nobody is named', args: ['export'] },
  { when: 'it is told to do something else', args: ['burn', personId] },
  { when: 'an address is given', args: ['erase', 'sam@contoso.com'] },
  { when: 'two are given', args: ['erase', personId, otherId] },
])('refuses with exit code 2 when $when', async ({ args }) => {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/Usage: photosync person|error: |That is no object id/);
});

it('says with exit code 1 that nothing is held, also where there are no tables yet', async () => {
  const { code, stdout, stderr } = await run('export', personId);
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'Nothing is held on this person.\n' });
  expect(JSON.parse(stdout)).toEqual({ personId, rows: [], entries: [], groups: [], messages: [] });
});

it('prints all that is held on a person, erases it, and leaves everybody else alone', async () => {
  for (const name of [tableNames.people, tableNames.control, tableNames.scope, tableNames.records])
    await storage.table(name).createTable();
  const people = storage.table(tableNames.people);
  for (const id of [personId, otherId])
    for (const rowKey of [id, `${id}:look`])
      await people.createEntity({ partitionKey: '5a', rowKey, plan: 'apply', earlierProperties: '{}' });
  const control = storage.table(tableNames.control);
  const breaker = [
    { partitionKey: 'control', rowKey: 'first-writes', outstandingBy: personId, verified: 3 },
    { partitionKey: 'breaker-removals', rowKey: '2026-11-27T21', count: 2, tags: '["5a0c8d3e","5a0c8d3f"]' },
    {
      partitionKey: 'breaker-pictures',
      rowKey: 'abc',
      pictures: '[{"sha256":"abc","wearers":{"5a0c8d3e":"2026","5a0c8d3f":"2026"},"isAllowed":false}]',
    },
    { partitionKey: 'control', rowKey: 'paused', paused: false, reason: 'no JSON' },
  ];
  for (const row of breaker) await control.createEntity(row);
  await storage
    .table(tableNames.records)
    .createEntity({ partitionKey: 'doctor', rowKey: 'a request', personId, outcome: 'passed' });
  const ids = encodeIds([otherId, personId]);
  await storage.table(tableNames.scope).createEntity({ partitionKey: `${groupId}:g`, rowKey: '0', ids });
  await storage.send({ personId });
  await storage.send({ personId: otherId });

  const { code, stdout } = await run('export', personId.toUpperCase());
  const held = JSON.parse(stdout) as PersonData;
  expect(code).toBe(0);
  expect(held.rows.map(({ row }) => [row['rowKey'], row['plan']])).toEqual([
    [personId, 'apply'],
    [`${personId}:look`, 'apply'],
  ]);
  const names = held.entries.flatMap(({ row }) => row['names'] as string[]);
  expect(names.sort()).toEqual([...['outstandingBy', 'personId', 'pictures[0].wearers.5a0c8d3e', 'tags']]);
  expect(held.groups).toEqual([groupId]);
  expect(held.messages).toEqual([{ queue: 'photo-changed', message: expect.stringContaining(personId) }]);

  const erased = await run('erase', personId);
  expect(erased.code).toBe(0);
  expect(erased.stdout).toContain('Erased: 2 rows of this person, and the mention in 4 rows about several.');
  expect(erased.stdout).toContain('can no longer be restored');
  expect(erased.stdout).toContain(`the copy of the group ${groupId}`);
  expect((await rows(tableNames.people)).map(({ rowKey }) => rowKey)).toEqual([otherId, `${otherId}:look`]);
  const left = await rows(tableNames.control);
  expect(JSON.stringify(left)).not.toMatch(/5a0c8d3e/);
  expect(left).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ rowKey: 'first-writes', outstandingBy: '', verified: 3 }),
      expect.objectContaining({ tags: '["5a0c8d3f"]', count: 2 }),
      expect.objectContaining({
        pictures: '[{"sha256":"abc","wearers":{"5a0c8d3f":"2026"},"isAllowed":false}]',
      }),
      expect.objectContaining({ rowKey: 'paused', reason: 'no JSON' }),
    ]),
  );
  // What a group's copy and the queues hold is not ours to change.
  const again = JSON.parse((await run('export', personId)).stdout);
  expect(again).toMatchObject({ rows: [], entries: [], groups: [groupId] });
});

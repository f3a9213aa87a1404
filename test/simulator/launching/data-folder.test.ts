import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDataFolder } from '../../../src/simulator/launching/data-folder';

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'data-folder-'));
  folder = join(parent, 'data');
});
afterEach(() => rm(parent, { recursive: true }));

const marker = '.photo-sync-local-tenant';

it('makes the folder and keeps what is in it', async () => {
  await prepareDataFolder(folder, false);
  await writeFile(join(folder, 'books.json'), '{}');
  await prepareDataFolder(folder, false);
  expect(await readdir(folder)).toEqual([marker, 'books.json']);
});

it('wipes a folder of its own', async () => {
  await prepareDataFolder(folder, false);
  await mkdir(join(folder, 'azurite'));
  await writeFile(join(folder, 'azurite', 'queue'), 'x');
  await prepareDataFolder(folder, true);
  expect(await readdir(folder)).toEqual([marker]);
});

it('does not take a folder for its own because it has been used once', async () => {
  await mkdir(folder);
  await writeFile(join(folder, 'thesis.docx'), 'x');
  await prepareDataFolder(folder, false);
  await writeFile(join(folder, 'books.json'), '{}');
  await expect(prepareDataFolder(folder, true)).rejects.toThrow('was not made by the local tenant');
  expect(await readdir(folder)).toEqual(['books.json', 'thesis.docx']);
});

it('wipes no folder that holds something else', async () => {
  await mkdir(folder);
  await writeFile(join(folder, 'thesis.docx'), 'x');
  await expect(prepareDataFolder(folder, true)).rejects.toThrow('was not made by the local tenant');
  expect(await readdir(folder)).toEqual(['thesis.docx']);
});

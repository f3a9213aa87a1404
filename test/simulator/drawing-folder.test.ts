import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DrawingFolder } from '../../src/simulator/pictures/drawing-folder';

let dataDir: string;
beforeEach(async () => (dataDir = await mkdtemp(join(tmpdir(), 'photo-sync-drawings-'))));
afterEach(() => rm(dataDir, { recursive: true }));

const never = async () => {
  throw new Error('It is drawn already.');
};

it('A drawing is made once, and found again by the next tenant that has the folder', async () => {
  const first = await DrawingFolder.open(dataDir);
  expect(await first.get('face-1/48x48/image/jpeg', async () => Buffer.from('face'))).toEqual(
    Buffer.from('face'),
  );
  const next = await DrawingFolder.open(dataDir);
  expect(await next.get('face-1/48x48/image/jpeg', never)).toEqual(Buffer.from('face'));
  expect(await readdir(join(dataDir, 'drawings'))).toHaveLength(1);
});

it('A drawing that could not be made is tried again', async () => {
  const folder = await DrawingFolder.open(dataDir);
  await expect(folder.get('face-1/full', never)).rejects.toThrow('drawn already');
  expect(await folder.get('face-1/full', async () => Buffer.from('face'))).toEqual(Buffer.from('face'));
});

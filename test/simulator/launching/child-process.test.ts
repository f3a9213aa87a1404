import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { readReadyLine, startChild } from '../../../src/simulator/launching/child-process';
import { projectRoot } from '../../../src/simulator/launching/project-root';
import { eventually } from '../../support/eventually';

jest.setTimeout(30_000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'child-process-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function start(source: string, lines: string[] = []) {
  const file = join(folder, `${String(Math.random())}.cjs`);
  await writeFile(file, source);
  return startChild({
    name: 'The child',
    script: relative(projectRoot, file),
    environment: process.env,
    readReady: (line) => readReadyLine(line, 'child') as { port: number } | undefined,
    onLine: (line) => lines.push(line),
  });
}

const serve = `console.log('before'); console.log('{"ready":"child","port":7}'); console.log('after'); setInterval(() => {}, 1000);`;

it('waits for the line that says it serves, and passes the others on', async () => {
  const lines: string[] = [];
  const { child, ready } = await start(serve, lines);
  expect(ready).toEqual({ ready: 'child', port: 7 });
  await eventually('both lines have come', () => lines.length === 2);
  expect(lines).toEqual(['before', 'after']);
  expect(child.hasEnded()).toBe(false);
  await child.stop();
  expect([child.hasEnded(), await child.ended]).toEqual([true, { code: null, signal: 'SIGTERM' }]);
});

it('says what a child said that ended too early', async () => {
  await expect(start(`console.error('the reason'); process.exit(3);`)).rejects.toThrow(
    'The child ended before it was ready (exit code 3).\nthe reason',
  );
});

it('kills', async () => {
  const { child } = await start(`process.on('SIGTERM', () => {}); ${serve}`);
  await child.kill();
  expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' });
});

it('can be told twice', async () => {
  const { child } = await start(serve);
  await Promise.all([child.stop(), child.stop()]);
  await child.kill();
});

it('leaves no child behind when whoever started it is killed', async () => {
  const child = join(folder, 'grandchild.cjs');
  await writeFile(child, serve);
  const parent = join(folder, 'parent.cjs');
  const module = join(projectRoot, 'dist/simulator/launching/child-process.js');
  await writeFile(
    parent,
    `require(${JSON.stringify(module)}).startChild({ name: 'x', script: ${JSON.stringify(relative(projectRoot, child))},
       environment: process.env, readReady: (line) => line.includes('ready') || undefined })
     .then(({ child }) => console.log(child.pid));`,
  );
  const process_ = spawn(process.execPath, [parent], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => {
    process_.stdout.once('data', (data: Buffer) => {
      resolve(Number(data.toString()));
    });
  });
  expect(isAlive(pid)).toBe(true);
  process_.kill('SIGKILL');
  await eventually('the grandchild has ended', () => !isAlive(pid));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

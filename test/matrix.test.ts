import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';

/* Tests name their rows of the fault matrix, `matrix 12` or `matrix 6, 7`; docs/fault-matrix.md lists them by row. */

const root = join(__dirname, '..');
const rows = Array.from({ length: 40 }, (_, index) => index + 1);

const named = new Map<number, Set<string>>(rows.map((row) => [row, new Set()]));
for (const file of globSync('test/**/*.ts', { cwd: root, ignore: ['test/matrix.test.ts'] })) {
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, list = ''] of text.matchAll(/\bmatrix:? (\d+(?:(?:, | and )\d+)*)/g)) {
    for (const row of list.split(/, | and /)) named.get(Number(row))?.add(file);
  }
}

const listed = new Map<number, string[]>();
for (const line of readFileSync(join(root, 'docs/fault-matrix.md'), 'utf8').split('\n')) {
  const [, number, , , tests = ''] = line.split('|').map((cell) => cell.trim());
  if (!/^\d+$/.test(number ?? '')) continue;
  listed.set(
    Number(number),
    [...tests.matchAll(/`([^`]+)`/g)].map(([, file = '']) => `test/${file}.test.ts`),
  );
}

it('lists every row of the fault matrix', () => {
  expect([...listed.keys()]).toEqual(rows);
});

it.each(rows)('row %i is tested where the page says, and nowhere else', (row) => {
  expect([...(named.get(row) ?? [])].sort()).toEqual([...(listed.get(row) ?? [])].sort());
  expect(listed.get(row)).not.toEqual([]);
});

import { createControlTable } from '../../src/storage/control-table';
import { createRecentControl } from '../../src/writing/recent-control';
import { memoryTable } from '../support/memory-table';

function setUp() {
  const table = memoryTable();
  let nowMs = 0;
  let reads = 0;
  table.before = (call) => void (reads += call === 'list' ? 1 : 0);
  const recent = createRecentControl(createControlTable(table), () => nowMs);
  return { table, recent, reads: () => reads, advance: (ms: number) => void (nowMs += ms) };
}

it('is read once for all who ask within a second, and anew after it', async () => {
  const { table, recent, reads, advance } = setUp();
  await Promise.all([recent(), recent()]);
  await table.overwrite('control', 'paused', { paused: true, reason: 'a test' });
  advance(1000);
  expect(await recent()).toMatchObject({ pausedBecause: undefined });
  expect(reads()).toBe(1);
  advance(1);
  expect(await recent()).toMatchObject({ pausedBecause: 'a test' });
  expect(reads()).toBe(2);
});

it.each([
  { what: 'a pause', row: 'paused', columns: { paused: true }, after: { paused: false } },
  {
    what: 'a stop of the breaker',
    row: 'breaker',
    columns: { stopId: 'a', resumedAt: '' },
    after: { resumedAt: '2026-11-27T22:00:00Z' },
  },
])('the end of $what is seen at once', async ({ row, columns, after }) => {
  const { table, recent } = setUp();
  await table.overwrite('control', row, columns);
  await recent();
  await table.overwrite('control', row, after);
  const { pausedBecause, breaker } = await recent();
  expect(pausedBecause).toBeUndefined();
  expect(breaker.row?.resumedAt ?? 'none').not.toBe('');
});

it('a reading that failed is not kept', async () => {
  const { table, recent } = setUp();
  const { before } = table;
  table.before = () => {
    throw new Error('Storage is down.');
  };
  await expect(recent()).rejects.toThrow('Storage is down.');
  table.before = before;
  expect(await recent()).toMatchObject({ pausedBecause: undefined });
});

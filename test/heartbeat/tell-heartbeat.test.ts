import type { SweepRecord } from '../../src/storage/sweep-table';
import { createHeartbeatTable } from '../../src/storage/heartbeat-table';
import { noCounts } from '../../src/sweep/sweep-counts';
import { tellHeartbeat } from '../../src/heartbeat/tell-heartbeat';
import { memoryTable } from '../support/memory-table';
import { movableClock } from '../support/movable-clock';
import { recordedLog } from '../support/recorded-log';

const day = 24 * 3_600_000;

function setUp() {
  const clock = movableClock();
  const table = memoryTable(clock.now);
  const { log, lines } = recordedLog();
  const records: SweepRecord[] = [];
  const deps = {
    heartbeat: createHeartbeatTable(table),
    sweeps: { records: async () => records },
    mode: 'apply' as const,
    log,
  };
  return { clock, table, lines, records, deps, tell: () => tellHeartbeat(deps) };
}

it('The app says once a week that it is alive, also where nothing happens', async () => {
  const { clock, lines, tell } = setUp();
  await tell();
  expect(lines).toEqual([{ level: 'info', event: 'heartbeat', mode: 'apply' }]);
  for (let hours = 0; hours < 7 * 24 - 1; hours++) {
    clock.advance(3_600_000);
    await tell();
  }
  expect(lines).toHaveLength(1);
  clock.advance(3_600_000);
  await tell();
  expect(lines).toHaveLength(2);
});

it('It tells of the last sweep that saw everybody', async () => {
  const { records, lines, tell } = setUp();
  const record = { reason: '', startedAt: '', durationMs: 1 };
  records.push(
    { ...record, sweepId: 'b', finishedAt: '2026-03-02T00:00:00Z', outcome: 'failed', counts: noCounts() },
    {
      ...record,
      sweepId: 'a',
      finishedAt: '2026-03-01T00:00:00Z',
      outcome: 'complete',
      counts: { ...noCounts(), seen: 1200, ours: 300 },
    },
  );
  await tell();
  expect(lines).toMatchObject([{ lastSweepAt: '2026-03-01T00:00:00Z', people: 1200, ours: 300 }]);
});

it('Of two instances one tells it', async () => {
  const { lines, deps } = setUp();
  await Promise.all([tellHeartbeat(deps), tellHeartbeat(deps)]);
  expect(lines).toHaveLength(1);
});

it.each([
  { row: 'of another kind', toldAt: 'yesterday' },
  { row: 'from the future', toldAt: new Date(Date.now() + 3650 * day).toISOString() },
])('A row $row is not waited for', async ({ toldAt }) => {
  const { lines, table, tell } = setUp();
  await table.overwrite('control', 'heartbeat', { toldAt });
  await tell();
  expect(lines).toHaveLength(1);
});

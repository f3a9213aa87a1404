import type { Mode } from '../../src/config';
import { scopeOfSettings } from '../../src/scope/scope-source';
import { createControlTable } from '../../src/storage/control-table';
import { queueNames } from '../../src/storage/names';
import { noteMode } from '../../src/writing/note-mode';
import { alex } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { gateOf } from '../support/write-gate';

/** An app that reads one first write back. */
function setUp() {
  const table = memoryTable();
  const control = createControlTable(table);
  const gate = gateOf({ control, scope: scopeOfSettings({ pilotUsers: undefined }), table }, (deps) => ({
    ...deps,
    firstWrites: { ...deps.firstWrites, settings: { checkedFirstWrites: 1, claimMs: 120_000 } },
  }));
  return {
    table,
    timer: (mode: Mode) => noteMode({ control }, mode),
    /** @returns whether it is one of the first writes. */
    async write() {
      const work = { personId: alex, cause: 'notification', kind: 'write' } as const;
      const admission = await gate.admit({ ...work, queue: queueNames.photoChanged });
      if ('stop' in admission) throw new Error(admission.stop.reason);
      if (admission.mustReadBack) await gate.endFirstWrite(alex, 'as-written');
      return admission.mustReadBack;
    },
  };
}

it.each([
  { meanwhile: ['remove'], then: true },
  { meanwhile: ['report'], then: true },
  { meanwhile: ['no-scope'], then: true },
  { meanwhile: ['report', 'report', 'apply'], then: true },
  { meanwhile: ['apply'], then: false },
] as const)('After $meanwhile with no photo changed, a write is one of the first: $then', async (row) => {
  const { timer, write } = setUp();
  await timer('apply');
  expect(await write()).toBe(true);
  expect(await write()).toBe(false);
  for (const mode of row.meanwhile) await timer(mode);
  expect(await write()).toBe(row.then);
});

it('The timer asks Storage for nothing while the app writes, and notes what it does once', async () => {
  const { table, timer } = setUp();
  const calls: string[] = [];
  table.before = (call) => void calls.push(call);
  await timer('apply');
  expect(calls).toEqual([]);
  for (let times = 0; times < 3; times++) await timer('report');
  expect(calls.filter((call) => call !== 'list')).toEqual(['write']);
});

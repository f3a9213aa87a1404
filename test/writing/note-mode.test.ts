import type { Mode } from '../../src/config';
import { scopeOfSettings } from '../../src/scope/scope-source';
import { createControlTable } from '../../src/storage/control-table';
import { createRemovalTable } from '../../src/storage/removal-table';
import { queueNames } from '../../src/storage/names';
import { noteMode } from '../../src/writing/note-mode';
import { alex } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { recordedLog } from '../support/recorded-log';
import { gateOf } from '../support/write-gate';

/** An app that reads one first write back. */
function setUp() {
  const table = memoryTable();
  const control = createControlTable(table);
  const { log, lines } = recordedLog();
  const given = { control, scope: scopeOfSettings({ pilotUsers: undefined }), table, log };
  const sweeps: string[] = [];
  const gateWith = (resume: string | undefined) =>
    gateOf(given, (deps) => ({
      ...deps,
      breaker: {
        ...deps.breaker,
        settings: { ...deps.breaker.settings, resume },
        requestSweep: async () => void sweeps.push('breaker'),
      },
      firstWrites: { ...deps.firstWrites, settings: { checkedFirstWrites: 1, claimMs: 120_000 } },
    }));
  const removals = createRemovalTable(table);
  const gate = gateWith(undefined);
  return {
    ...{ table, control, removals, sweeps, lines, gate },
    timer: (
      mode: Mode,
      { rightsGranted = true, resume }: { rightsGranted?: boolean; resume?: string } = {},
    ) =>
      noteMode({
        ...{ settings: { mode, rightsGranted }, control, removals },
        gate: async () => gateWith(resume),
        requestSweep: async (reason) => void sweeps.push(reason),
      }),
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

it('The timer asks Storage once while the app writes, and notes what it does once', async () => {
  const { table, timer } = setUp();
  const calls: string[] = [];
  table.before = (call) => void calls.push(call);
  await timer('apply');
  expect(calls).toEqual(['list']);
  for (let times = 0; times < 3; times++) await timer('report');
  expect(calls.filter((call) => call !== 'list')).toEqual(['write']);
});

describe('After the app was taken out', () => {
  async function removed() {
    const set = setUp();
    const counts = { restoresAll: true, restored: 1, notRestored: 0, open: 0 };
    await set.removals.write(undefined, { startedAt: '2026-11-24T09:00:00Z', partition: 256, ...counts });
    await set.removals.record({ doneAt: '2026-11-24T09:00:00Z', subscriptionsLeft: 0, ...counts });
    const record = async () => (await set.removals.readRecord()).record;
    return { ...set, record };
  }

  it.each(['apply', 'report', 'no-scope'] as const)('one sweep looks at everybody in %s', async (mode) => {
    const { timer, sweeps, record, removals } = await removed();
    await timer('remove');
    expect(sweeps).toEqual([]);
    expect(await record()).toBeDefined();
    for (let times = 0; times < 2; times++) await timer(mode);
    expect(sweeps).toEqual([expect.stringContaining('SYNC_MODE was remove')]);
    expect(await record()).toBeUndefined();
    expect((await removals.read()).row).toBeUndefined();
  });

  it('all of that is done again where it was cut off', async () => {
    const { timer, sweeps, record, table } = await removed();
    table.before = (call, rowKey) => {
      if (call === 'remove' && rowKey === 'removing') throw new Error('killed');
    };
    await expect(timer('apply')).rejects.toThrow('killed');
    expect(await record()).toBeUndefined();
    table.before = () => undefined;
    await timer('apply');
    await timer('apply');
    expect(sweeps).toHaveLength(2);
  });

  it('nothing is asked for without the rights', async () => {
    const { timer, sweeps, record } = await removed();
    await timer('apply', { rightsGranted: false });
    expect(sweeps).toEqual([]);
    expect(await record()).toBeDefined();
  });
});

describe('While the breaker has stopped all writing', () => {
  async function stopped() {
    const set = setUp();
    await set.write();
    await set.timer('report');
    const work = { personId: alex, cause: 'notification', kind: 'write' } as const;
    expect(await set.gate.admit({ ...work, queue: queueNames.photoChanged })).toMatchObject({
      mustReadBack: true,
    });
    await set.gate.endFirstWrite(alex, { problem: 'the M file has other bytes' });
    const stopId = (await set.control.read()).breaker.row?.stopId ?? '';
    const told = () => set.lines.map(({ event }) => event).filter((event) => event !== 'breaker-stopped');
    return { ...set, stopId, told };
  }

  it('the word of an admin is taken with nobody to be written, and one sweep takes up what was left', async () => {
    const { timer, stopId, sweeps, told } = await stopped();
    for (let times = 0; times < 3; times++) await timer('apply', { resume: stopId });
    expect(sweeps).toEqual(['breaker']);
    expect(told()).toEqual(['breaker-resumed']);
  });

  it('a word of another stop is told as such, with what to set', async () => {
    const { timer, stopId, sweeps, lines } = await stopped();
    await timer('apply', { resume: 'another' });
    expect(sweeps).toEqual([]);
    expect(lines.at(-1)).toMatchObject({
      ...{ event: 'breaker-resume-unknown', level: 'warn', stopId, named: 'another' },
      reason: expect.stringContaining(`BREAKER_RESUME=${stopId}`),
    });
  });

  it.each([
    { when: 'no word was given', mode: 'apply', with: {} },
    { when: 'it does not write', mode: 'report', with: { resume: 'another' } },
    { when: 'it has no rights', mode: 'apply', with: { resume: 'another', rightsGranted: false } },
  ] as const)('the app waits in silence where $when', async (given) => {
    const { timer, sweeps, told } = await stopped();
    await timer(given.mode, given.with);
    expect(sweeps).toEqual([]);
    expect(told()).toEqual([]);
  });
});

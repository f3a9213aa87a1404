import { ServiceFailure } from '../../src/errors';
import { scopeOfSettings } from '../../src/scope/scope-source';
import { createControlTable } from '../../src/storage/control-table';
import { queueNames } from '../../src/storage/names';
import type { GateDeps, IntendedWork, WriteGate } from '../../src/writing/gate';
import { alex } from '../support/ids';
import { memoryTable } from '../support/memory-table';
import { recordedLog } from '../support/recorded-log';
import { gateOf } from '../support/write-gate';

const blair = `b${alex.slice(1)}`;
const guid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const write = (personId: string): IntendedWork => ({
  ...{ personId, queue: queueNames.photoChanged, cause: 'notification', kind: 'write' },
  pictureSha256: personId.padEnd(64, '0'),
});

function setUp(changes: (deps: GateDeps) => GateDeps = (deps) => deps) {
  const table = memoryTable();
  const { log, lines } = recordedLog();
  const control = createControlTable(table);
  let sweeps = 0;
  const gateWith = (more: (deps: GateDeps) => GateDeps) =>
    gateOf({ control, scope: scopeOfSettings({ pilotUsers: undefined }), table, log }, (deps) =>
      more(
        changes({
          ...deps,
          breaker: { ...deps.breaker, requestSweep: async () => void (sweeps += 1) },
        }),
      ),
    );
  const read = (key: string) => table.rows.get(key)?.columns;
  return { table, lines, control, gateWith, gate: gateWith((deps) => deps), read, sweeps: () => sweeps };
}

const checkedFirst = (deps: GateDeps): GateDeps => ({
  ...deps,
  firstWrites: { ...deps.firstWrites, settings: { checkedFirstWrites: 2, claimMs: 120_000 } },
});

describe('The budget and the day', () => {
  it.each([
    { kind: 'write', counts: 1 },
    { kind: 'clear', counts: 1 },
    { kind: 'restore', counts: 0 },
    { kind: 'check', counts: 0 },
    { kind: 'trial', counts: 0 },
  ] as const)('$kind counts $counts', async ({ kind, counts }) => {
    const { gate, read } = setUp();
    expect(await gate.admit({ ...write(alex), kind })).toMatchObject({ mustReadBack: false });
    expect(read('budget/sharepoint')).toMatchObject({ writes: counts });
  });

  it('count nothing that was given back, on the day it was counted', async () => {
    const { gate, table, read } = setUp((deps) => ({ ...deps, maximumWritesPerDay: 1 }));
    for (let tries = 0; tries < 3; tries++) {
      const admission = await gate.admit(write(alex));
      if ('stop' in admission) throw new Error(admission.stop.reason);
      await gate.giveBack(admission);
    }
    expect(read('budget/sharepoint')).toMatchObject({ writes: 0 });
    await gate.admit(write(alex));
    await gate.giveBack({ countedOn: '2026-11-23' });
    await gate.giveBack({ countedOn: undefined });
    expect(read('budget/sharepoint')).toMatchObject({ writes: 1 });

    const before = table.rows.get('budget/sharepoint')?.token;
    let others = 1;
    table.before = async (call) => {
      if (call === 'write' && others-- > 0) await table.overwrite('budget', 'sharepoint', { writes: 5 });
    };
    await gate.giveBack({ countedOn: '2026-11-24' });
    expect(table.rows.get('budget/sharepoint')?.token).not.toBe(before);
    expect(read('budget/sharepoint')).toMatchObject({ writes: 4 });
  });

  it('count one too many where that can’t be noted, and end nothing by it', async () => {
    const { gate, table, lines } = setUp();
    table.before = () => {
      throw new ServiceFailure('storage', 'Storage is not well (503).');
    };
    await gate.giveBack({ countedOn: '2026-11-24' });
    expect(lines).toEqual([expect.objectContaining({ event: 'write-not-given-back', level: 'warn' })]);
  });

  it('stop for the day, and tell it once', async () => {
    const { gate, lines } = setUp((deps) => ({ ...deps, maximumWritesPerDay: 1 }));
    await gate.admit(write(alex));
    for (let again = 0; again < 2; again++) {
      expect(await gate.admit(write(blair))).toMatchObject({ stop: { code: 'day-limit' } });
    }
    expect(lines).toEqual([expect.objectContaining({ event: 'writes-stopped', level: 'error' })]);
  });

  it('stop ahead of the photo’s bytes once that was told, until the setting is higher', async () => {
    const { gateWith } = setUp();
    const gate = gateWith((deps) => ({ ...deps, maximumWritesPerDay: 1 }));
    expect(await gate.stopAhead(alex)).toBeUndefined();
    await gate.admit(write(alex));
    expect(await gate.stopAhead(blair)).toBeUndefined();
    await gate.admit(write(blair));
    expect(await gate.stopAhead(blair)).toMatchObject({ code: 'day-limit' });
    expect(await gateWith((deps) => ({ ...deps, maximumWritesPerDay: 2 })).stopAhead(blair)).toBeUndefined();
  });
});

describe('The first writes', () => {
  it('go one by one, each after the one before was read back', async () => {
    let ms = 0;
    const { gate, read } = setUp((deps) => {
      const checked = checkedFirst(deps);
      const sleep = async (waitMs: number) => void (ms += waitMs);
      return { ...checked, firstWrites: { ...checked.firstWrites, sleep, monotonicMs: () => ms } };
    });
    expect(await gate.admit(write(alex))).toMatchObject({ mustReadBack: true });
    await expect(gate.admit(write(blair))).rejects.toMatchObject({ service: 'budget' });
    await gate.endFirstWrite(alex, 'not-written');
    expect(await gate.admit(write(blair))).toMatchObject({ mustReadBack: true });
    await gate.endFirstWrite(blair, 'as-written');
    expect(await gate.admit(write(alex))).toMatchObject({ mustReadBack: true });
    await gate.endFirstWrite(alex, 'as-written');
    expect(read('control/first-writes')).toMatchObject({ verified: 2, outstandingBy: '' });
    expect(await gate.admit(write(alex))).toMatchObject({ mustReadBack: false });
  });

  it('are first ones again after the app only reported', async () => {
    const { gate } = setUp(checkedFirst);
    for (const person of [alex, blair]) {
      await gate.admit(write(person));
      await gate.endFirstWrite(person, 'as-written');
    }
    await gate.reportsOnly();
    expect(await gate.admit(write(alex))).toMatchObject({ mustReadBack: true });
  });

  it('stop all writing where one did not stay', async () => {
    const { gate, lines } = setUp(checkedFirst);
    await gate.admit(write(alex));
    const stop = await gate.endFirstWrite(alex, { problem: 'the M file has other bytes' });
    expect(stop).toMatchObject({
      code: 'breaker',
      reason: expect.stringContaining('the M file has other bytes'),
    });
    expect(await gate.stopFor(blair)).toEqual(stop);
    const told = { event: 'breaker-stopped', kind: 'first-writes', personId: alex };
    expect(lines).toEqual([expect.objectContaining(told)]);
  });

  it('name nobody in a reason that is kept, whatever stopped the writing', async () => {
    const stops: { [kind: string]: (gate: WriteGate) => Promise<unknown> } = {
      'first-writes': (gate) => gate.endFirstWrite(alex, { problem: 'the M file is not there' }),
      'same-picture': (gate) => gate.admit(write(alex)),
      removals: (gate) => gate.removalSeen(alex, new Date('2026-11-24T09:00:00Z')),
    };
    for (const [kind, stopBy] of Object.entries(stops)) {
      const { gate, read } = setUp((deps) => {
        const settings = { ...deps.breaker.settings, removalPercent: 0, removals: 0, samePicture: 1 };
        return { ...deps, breaker: { ...deps.breaker, settings, countWritten: async () => 1 } };
      });
      await stopBy(gate);
      expect(read('control/breaker')).toMatchObject({ kind });
      const kept = [read('control/breaker')?.reason, (await gate.stopFor(blair))?.reason];
      for (const reason of kept) expect(reason).not.toMatch(new RegExp(`${guid}|${alex.slice(0, 8)}`));
    }
  });
});

describe('Before the doctor has passed', () => {
  const required = (deps: GateDeps): GateDeps => ({
    ...deps,
    doctor: { isRequired: true, identity: 'app', sites: 'here' },
  });

  it.each([
    {
      kind: 'write',
      then: { stop: { code: 'doctor', reason: expect.stringContaining('photosync doctor') } },
    },
    { kind: 'clear', then: { stop: { code: 'doctor' } } },
    { kind: 'restore', then: { mustReadBack: false } },
    { kind: 'check', then: { mustReadBack: false } },
    { kind: 'trial', then: { mustReadBack: false } },
  ] as const)('$kind is admitted or not, as it was meant', async ({ kind, then }) => {
    const { gate } = setUp(required);
    expect(await gate.admit({ ...write(alex), kind })).toMatchObject(then);
  });

  it('is over for all once it has', async () => {
    const { gate, control } = setUp(required);
    expect(await gate.stopFor(alex)).toMatchObject({ code: 'doctor' });
    const passed = { passedAt: '2026-11-24T09:00:00Z', requestId: 'x', identity: 'app', sites: 'here' };
    await control.recordDoctor(passed);
    expect(await gate.stopFor(alex)).toBeUndefined();
    expect(await gate.admit(write(alex))).toMatchObject({ mustReadBack: false });
    await control.recordDoctor({ ...passed, sites: 'elsewhere' });
    expect(await gate.stopFor(alex)).toMatchObject({ code: 'doctor' });
  });
});

describe('A stop of the breaker', () => {
  const same = (personId: string) => ({ ...write(personId), pictureSha256: 'f'.repeat(64) });
  const two = (deps: GateDeps): GateDeps => ({
    ...deps,
    breaker: { ...deps.breaker, settings: { ...deps.breaker.settings, samePicture: 2 } },
  });

  it('ends by the id of that stop only, allows its picture, and asks for one sweep', async () => {
    const { gate, gateWith, read, sweeps, lines } = setUp(two);
    await gate.admit(same(alex));
    expect(await gate.admit(same(blair))).toMatchObject({ stop: { code: 'breaker' } });
    const stopId = String(read('control/breaker')?.stopId);
    const resumedBy = (resume: string) =>
      gateWith((deps) => ({
        ...deps,
        breaker: { ...deps.breaker, settings: { ...deps.breaker.settings, resume } },
      }));
    expect(await resumedBy('another').stopFor(alex)).toMatchObject({ code: 'breaker' });
    const resumed = resumedBy(stopId);
    expect(await resumed.stopFor(alex)).toBeUndefined();
    expect(await resumed.admit(same(blair))).toMatchObject({ mustReadBack: false });
    expect(sweeps()).toBe(1);
    expect(lines.map(({ event }) => event)).toEqual(['breaker-stopped', 'breaker-resumed']);
  });

  it('does not keep anybody from reading', async () => {
    const { gate } = setUp(two);
    await gate.admit(same(alex));
    await gate.admit(same(blair));
    expect(await gate.admit({ ...same(alex), kind: 'check' })).toMatchObject({ mustReadBack: false });
  });

  it('is asked for in one request to Storage', async () => {
    const { gate, table } = setUp();
    const calls: string[] = [];
    table.before = (call) => void calls.push(call);
    await gate.stopFor(alex);
    expect(calls).toEqual(['list']);
  });
});

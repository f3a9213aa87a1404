import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvLine } from '../../src/cli/csv-line';
import { decidePlanned } from '../../src/cli/decide-planned';
import { estimateWriting } from '../../src/cli/estimate-writing';
import type { PlanSummary } from '../../src/cli/plan-summary';
import type { AzuriteAccount } from '../../src/simulator/azurite';
import { tableNames } from '../../src/storage/names';
import { emptyRow, type PersonRow } from '../../src/storage/person-table';
import { openAppStorage } from '../support/app-storage';
import { photosync } from '../support/photosync';
import { takeAccount } from '../support/shared-azurite';

jest.setTimeout(60_000);

describe('What is planned for a person', () => {
  const applied = { appliedEtag: 'e1', seenEtag: 'e1' };
  it.each<{ when: string; row: Partial<PersonRow>; then: string }>([
    {
      when: 'it would be written',
      row: { plan: 'apply', code: 'changed', seenEtag: 'e1' },
      then: 'write changed',
    },
    { when: 'it was written', row: { plan: 'apply', code: 'changed', ...applied }, then: 'written changed' },
    {
      when: 'a newer photo was seen since',
      row: { plan: 'apply', code: 'changed', ...applied, seenEtag: 'e2' },
      then: 'write changed',
    },
    {
      when: 'a write did not finish',
      row: { plan: 'apply', code: 'changed', ...applied, dirty: true },
      then: 'write unfinished',
    },
    { when: 'no scope is set', row: { plan: 'stop', code: 'no-scope' }, then: 'write no-scope' },
    {
      when: 'the doctor has not passed',
      row: { plan: 'stop', code: 'doctor', dirty: true },
      then: 'write doctor',
    },
    { when: 'the app goes', row: { plan: 'stop', code: 'removing' }, then: 'skip removing' },
    { when: 'an admin holds', row: { plan: 'apply', code: 'changed', hold: 'a wish' }, then: 'skip held' },
    { when: 'it is the baseline', row: { plan: 'skip', code: 'baseline' }, then: 'skip baseline' },
    { when: 'there is no profile', row: { plan: 'defer', code: 'no-profile' }, then: 'wait no-profile' },
    { when: 'a removal is in doubt', row: { plan: 'confirm', code: 'removal' }, then: 'wait removal' },
    { when: 'the picture was cleared', row: { plan: 'clear', code: 'removal' }, then: 'clear removal' },
    { when: 'nothing was decided', row: {}, then: 'unknown ' },
  ])('is known where $when', ({ row, then }) => {
    const { planned, code } = decidePlanned({ ...emptyRow, ...row });
    expect(`${planned} ${code}`).toBe(then);
  });
});

it.each([
  { cells: ['a', 'b c'], line: 'a,b c\r\n' },
  { cells: ['a,b', 'say "so"', 'two\nlines'], line: '"a,b","say ""so""","two\nlines"\r\n' },
  { cells: ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'], line: "'=1+1,'+1,'-1,'@SUM(A1),'\t=1\r\n" },
  { cells: ['=HYPERLINK("x","y")'], line: '"\'=HYPERLINK(""x"",""y"")"\r\n' },
])('A spreadsheet runs nothing of $cells', ({ cells, line }) => {
  expect(csvLine(cells)).toBe(line);
});

it('Writing goes as fast as the slower of the two limits, and no more than the day lets', () => {
  const pace = {
    SHAREPOINT_LICENCES: 1000,
    PEOPLE_MANAGER_LIMIT: undefined,
    BUDGET_PERCENT: 50,
    MAX_WRITES_PER_DAY: 500,
  };
  // 10 units each, of 1,250 a minute by half: 0.96 s. 4 calls each, of 3,000 in 5 minutes by half: 0.8 s.
  expect(estimateWriting(1000, pace)).toEqual({
    budgetSeconds: 960,
    days: 2,
    peopleManagerCalls: 4000,
    peopleManagerPer5Minutes: 1250,
    peopleManagerLimitPer5Minutes: 3000,
  });
  expect(estimateWriting(0, pace)).toMatchObject({ budgetSeconds: 0, days: 0, peopleManagerPer5Minutes: 0 });
});

describe('photosync plan', () => {
  let folder: string;
  let account: AzuriteAccount;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'photo-sync-plan-'));
    account = await takeAccount();
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  const environment = () => ({ PhotoSyncStorage: account.connectionString });
  const idOf = (n: number) => `${n.toString(16).padStart(2, '0')}0c8d3e-9f10-4c6a-8a53-0d9a1e7c4b21`;

  it('says with exit code 1 that nobody is on record', async () => {
    const { code, stdout, stderr } = await photosync(['plan'], environment());
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'objectId,planned,code,reason,decidedAt\r\n' });
    expect(stderr).toContain('No sweep has ended yet');
  });

  it('tells of everybody, one line each, and sums up', async () => {
    const people = openAppStorage(account.connectionString).table(tableNames.people);
    const row = (n: number, columns: object) =>
      people.createEntity({ partitionKey: idOf(n).slice(0, 2), rowKey: idOf(n), ...columns });
    const decidedAt = '2026-11-24T09:00:00.000Z';
    await Promise.all([
      row(1, { plan: 'apply', code: 'changed', reason: 'The photo has changed.', seenEtag: 'e', decidedAt }),
      row(2, {
        plan: 'skip',
        code: 'baseline',
        reason: 'The photo that was there before: only later changes are written.',
        decidedAt,
      }),
      row(200, { plan: 'apply', code: 'changed', reason: 'x', hold: '=cmd|"x"', decidedAt }),
      row(255, { plan: 7, dirty: 'yes' }),
      people.createEntity({ partitionKey: '01', rowKey: `${idOf(1)}:look`, version: 1 }),
    ]);
    const { code, stdout, stderr } = await photosync(['plan'], environment());
    expect(code).toBe(0);
    expect(stdout.split('\r\n')).toEqual([
      'objectId,planned,code,reason,decidedAt',
      `${idOf(1)},write,changed,The photo has changed.,${decidedAt}`,
      `${idOf(2)},skip,baseline,The photo that was there before: only later changes are written.,${decidedAt}`,
      `${idOf(200)},skip,held,"This person is left alone: =cmd|""x"".",${decidedAt}`,
      `${idOf(255)},unknown,,Nothing was decided about this person yet.,`,
      '',
    ]);
    expect(stderr).toMatch(/4 {2}people on record/);
    expect(stderr).toMatch(/1 {2}to be written +changed 1/);

    const file = join(folder, 'plan.csv');
    const asked = [
      'plan',
      '--file',
      file,
      '--output',
      'json',
      '--licences',
      '20000',
      '--max-writes-per-day',
      '10',
    ];
    const told = await photosync(asked, environment());
    expect(await readFile(file, 'utf8')).toBe(stdout);
    expect(JSON.parse(told.stdout) as PlanSummary).toMatchObject({
      people: 4,
      toWrite: 1,
      counts: { write: { changed: 1 }, skip: { baseline: 1, held: 1 }, unknown: { '': 1 } },
      expected: { peopleManagerLimitPer5Minutes: 12_000 },
    });
  });

  it('says with exit code 2 that the file can’t be written', async () => {
    const { code, stderr } = await photosync(
      ['plan', '--file', join(folder, 'no', 'such.csv')],
      environment(),
    );
    expect(code).toBe(2);
    expect(stderr).toContain('ENOENT');
  });
});

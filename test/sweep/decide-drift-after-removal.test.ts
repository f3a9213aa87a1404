import { emptyRow } from '../../src/storage/person-table';
import { decideDrift, type DriftFacts } from '../../src/sweep/decide-drift';

const now = new Date('2026-11-24T09:00:00Z');
const later = '2026-11-25T09:00:00.000Z';
const facts: Omit<DriftFacts, 'row' | 'look'> = {
  isBaseline: true,
  reportOnly: false,
  isBackfill: false,
  removals: 'clear',
  now,
  readAt: now,
};
const doubted = {
  appliedEtag: '"A"',
  settledEtag: '"A"',
  doubt: 'removed',
  code: 'removal',
  plan: 'confirm',
};
const cleared = { code: 'removal', plan: 'clear', filesDueAt: later, nextLookAt: later };

describe('Though everyone met for the first time belongs to the baseline', () => {
  it.each([
    { when: 'was in doubt', row: doubted },
    { when: 'was cleared', row: cleared },
    { when: 'was cleared, and files stay', row: { code: 'retained' } },
    { when: 'gave way to somebody else’s', row: { code: 'not-ours' } },
    { when: 'was of an account that was disabled meanwhile', row: { appliedEtag: '"A"', code: 'disabled' } },
  ])('a photo that is there when the picture $when is a change', ({ row }) => {
    const look = { kind: 'photo', etag: '"B"', isStandard: true } as const;
    expect(decideDrift({ ...facts, row: { ...emptyRow, ...row }, look })).toMatchObject({
      plan: 'send',
      cause: 'sweep',
    });
  });
});

describe('While there is no photo', () => {
  it.each([
    { when: 'the files of the cleared picture are due later', row: cleared },
    { when: 'files stay', row: { code: 'retained', plan: 'skip' } },
    { when: 'somebody else’s picture is shown', row: { code: 'not-ours', plan: 'skip' } },
  ])('what is on record stays on record: $when', ({ row }) => {
    const drift = decideDrift({ ...facts, row: { ...emptyRow, ...row }, look: { kind: 'none' } });
    expect(drift.plan).toBe('nothing');
  });

  it.each(['', '{"S":"0a"}'])(
    'files that are due wait for as long as their person is put off (%s)',
    (writingSha256) => {
      const filesDueAt = '2026-11-24T08:00:00.000Z';
      const row = { ...emptyRow, ...cleared, filesDueAt, plan: 'defer', writingSha256 };
      expect(decideDrift({ ...facts, row, look: { kind: 'none' } }).plan).toBe('nothing');
    },
  );

  it('files that are due get an event', () => {
    const row = { ...emptyRow, ...cleared, filesDueAt: '2026-11-24T08:00:00.000Z' };
    expect(decideDrift({ ...facts, row, look: { kind: 'none' } })).toMatchObject({
      plan: 'send',
      cause: 'files',
    });
  });

  it.each([{}, { code: 'no-photo', plan: 'skip' }])(
    'files that are due stay, and no event is sent, while removals are off: %j',
    (since) => {
      const row = { ...emptyRow, ...cleared, filesDueAt: '2026-11-24T08:00:00.000Z', ...since };
      const drift = decideDrift({ ...facts, removals: 'off', row, look: { kind: 'none' } });
      expect(drift).toEqual({ plan: 'nothing', counts: ['withoutPhoto'] });
    },
  );
});

import { decideLeftOver } from '../../src/removing/decide-left-over';
import { emptyRow } from '../../src/storage/person-table';

const since = new Date('2026-11-24T09:00:00Z');
const before = '2026-11-24T08:59:59.000Z';
const after = '2026-11-24T09:00:00.000Z';

describe('What is left of the app', () => {
  it.each([
    { when: 'a picture', row: { appliedEtag: '"a"', earlierProperties: '{}' }, then: 'open' },
    { when: 'a picture of unknown origin', row: { appliedEtag: '"a"' }, then: 'open' },
    { when: 'a half-written one', row: { earlierProperties: '{}', dirty: true }, then: 'open' },
    { when: 'a picture of somebody held', row: { appliedEtag: '"a"', hold: 'x' }, then: 'open' },
    {
      when: 'one that was refused',
      row: { appliedEtag: '"a"', code: 'not-restored', decidedAt: after },
      then: 'not-restored',
    },
    {
      when: 'one that was refused long ago',
      row: { appliedEtag: '"a"', code: 'not-restored', decidedAt: before },
      then: 'open',
    },
    {
      when: 'one that was refused at no time',
      row: { appliedEtag: '"a"', code: 'not-restored' },
      then: 'open',
    },
    { when: 'files of a cleared one', row: { filesDueAt: after }, then: 'open' },
    {
      when: 'files of a cleared one, and it was refused',
      row: { earlierProperties: '{}', code: 'not-restored', decidedAt: after, filesDueAt: after },
      then: 'not-restored',
    },
    { when: 'nothing after a restore', row: { code: 'restored' }, then: 'restored' },
    {
      when: 'nothing, since nothing was written',
      row: { seenEtag: '"a"', code: 'baseline' },
      then: 'nothing',
    },
    {
      when: 'nothing, since a stop came before the first write',
      row: { dirty: true, code: 'breaker' },
      then: 'nothing',
    },
  ])('at a person: $when: $then', ({ row, then }) => {
    expect(decideLeftOver({ ...emptyRow, ...row }, { restoresAll: true, since })).toBe(then);
  });

  it.each([
    { when: 'a picture', row: { appliedEtag: '"a"' }, then: 'not-restored' },
    { when: 'files of a cleared one', row: { filesDueAt: after }, then: 'not-restored' },
    { when: 'nothing after a restore by hand', row: { code: 'restored' }, then: 'restored' },
  ])('stays where nobody asked for it: $when: $then', ({ row, then }) => {
    expect(decideLeftOver({ ...emptyRow, ...row }, { restoresAll: false, since })).toBe(then);
  });
});

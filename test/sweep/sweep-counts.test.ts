import { addCounts, noCounts } from '../../src/sweep/sweep-counts';

describe('Counts of a sweep', () => {
  it('begin with nothing, whatever other counts came to', () => {
    noCounts().skipped['guest'] = 2;
    expect(noCounts().skipped).toEqual({});
  });

  it('are added, the reasons too, and leave what was added as it was', () => {
    const one = { ...noCounts(), seen: 3, skipped: { guest: 2 } };
    const other = { ...noCounts(), seen: 4, skipped: { guest: 1, disabled: 1 } };
    expect(addCounts(one, other)).toEqual({ ...noCounts(), seen: 7, skipped: { guest: 3, disabled: 1 } });
    expect([one.skipped, other.skipped]).toEqual([{ guest: 2 }, { guest: 1, disabled: 1 }]);
    expect(addCounts(noCounts(), noCounts())).toEqual(noCounts());
  });
});

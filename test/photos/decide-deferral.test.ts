import { decideDeferral } from '../../src/photos/decide-deferral';

const hour = 3_600_000;
const start = new Date('2026-11-24T09:00:00Z');
const after = (hours: number) => new Date(start.getTime() + hours * hour);
const hoursLater = ({ nextLookAt }: { nextLookAt: string }) =>
  (new Date(nextLookAt).getTime() - start.getTime()) / hour;

describe('matrix 25: a person who is deferred', () => {
  it.each([
    { after: 0, due: 4 },
    { after: 3.9, due: 4 },
    { after: 4, due: 28 },
    { after: 27, due: 28 },
    { after: 28, due: 100 },
    { after: 100, due: 268 },
    { after: 267, due: 268 },
    { after: 268, due: 436 },
    { after: 24 * 365, due: 8836 },
  ])('and is looked at $after h later is due $due h after the first time', ({ after: hours, due }) => {
    const deferral = decideDeferral({ deferredSince: start.toISOString() }, after(hours), 0);
    expect(hoursLater(deferral)).toBe(due);
    expect(deferral.deferredSince).toBe(start.toISOString());
  });

  it.each([
    { when: 'nothing is known', row: undefined },
    { when: 'they were not deferred before', row: { deferredSince: '' } },
    { when: 'the row cannot be read', row: { deferredSince: 'long ago' } },
    { when: 'the row says a time to come', row: { deferredSince: after(1).toISOString() } },
  ])('is deferred since now when $when', ({ row }) => {
    expect(decideDeferral(row, start, 0).deferredSince).toBe(start.toISOString());
  });

  it('comes back later by up to a tenth of the step, so that not all come at once', () => {
    expect(hoursLater(decideDeferral(undefined, start, 1))).toBeCloseTo(4.4);
    expect(hoursLater(decideDeferral({ deferredSince: start.toISOString() }, after(28), 1))).toBeCloseTo(
      107.2,
    );
  });
});

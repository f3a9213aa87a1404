import {
  decideRemovals,
  decideSamePicture,
  noteRemoval,
  noteSamePicture,
  removalsIn,
  type RemovalHour,
  type SamePicture,
} from '../../src/writing/decide-breaker';

const settings = { removals: 20, removalPercent: 5, samePicture: 3 };
const now = new Date('2026-11-27T21:30:00Z');
const person = (n: number) => `${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`;
const hour = (name: string, ...persons: number[]): RemovalHour => ({
  hour: name,
  count: persons.length,
  tags: persons.map((n) => person(n).slice(0, 8)),
});

describe('Removals stop the writer above a number and a share', () => {
  it.each([
    { removals: 20, written: undefined, stops: false },
    { removals: 21, written: undefined, stops: true },
    { removals: 21, written: 420, stops: false },
    { removals: 22, written: 420, stops: true },
    { removals: 21, written: 419, stops: true },
    { removals: 20, written: 30, stops: false },
    { removals: 400, written: 10_000, stops: false },
    { removals: 501, written: 10_000, stops: true },
  ])('$removals of $written: $stops', ({ removals, written, stops }) => {
    expect(decideRemovals(removals, written, settings) !== undefined).toBe(stops);
  });
});

describe('Removals are counted', () => {
  it('once a person', () => {
    const hours = [hour('2026-11-27T20', 1, 2)];
    expect(noteRemoval(hours, person(1), now)).toBeUndefined();
    expect(noteRemoval(hours, person(3), now)).toEqual(hour('2026-11-27T21', 3));
    expect(noteRemoval([...hours, hour('2026-11-27T21', 3)], person(4), now)).toEqual(
      hour('2026-11-27T21', 3, 4),
    );
  });

  it.each([
    { at: '2026-11-26T21', counts: 2, because: 'a part of that hour is within a day' },
    { at: '2026-11-26T20', counts: 0, because: 'all of it is past' },
    { at: 'nonsense', counts: 0, because: 'somebody else wrote it' },
  ])('in $at: $counts, since $because', ({ at, counts }) => {
    const hours = [hour(at, 1, 2)];
    expect(removalsIn(hours, now)).toBe(counts);
    expect(noteRemoval(hours, person(1), now) === undefined).toBe(counts > 0);
  });
});

describe('The same picture', () => {
  const after = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
  const wornBy = (...wearers: [n: number, hours: number][]) =>
    wearers.reduce<SamePicture | undefined>(
      (picture, [n, hours]) => noteSamePicture(picture, 'a1', person(n), after(hours)) ?? picture,
      undefined,
    );

  it.each([
    {
      when: 'too many have it',
      wearers: [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
      at: 0,
      stops: true,
    },
    {
      when: 'too few have it',
      wearers: [
        [1, 0],
        [2, 0],
      ],
      at: 0,
      stops: false,
    },
    {
      when: 'one person came three times',
      wearers: [
        [1, 0],
        [1, 1],
        [2, 2],
      ],
      at: 2,
      stops: false,
    },
    {
      when: 'the first came a day ago',
      wearers: [
        [1, 0],
        [2, 20],
        [3, 24],
      ],
      at: 24,
      stops: false,
    },
    {
      when: 'any 24 hours hold three',
      wearers: [
        [1, 0],
        [2, 20],
        [3, 25],
        [4, 26],
      ],
      at: 26,
      stops: true,
    },
  ] as { when: string; wearers: [number, number][]; at: number; stops: boolean }[])(
    'when $when: $stops',
    ({ wearers, at, stops }) => {
      expect(decideSamePicture(wornBy(...wearers), after(at), settings) !== undefined).toBe(stops);
    },
  );

  it('stops nobody once an admin allowed it', () => {
    const allowed = { sha256: 'a1', wearers: {}, isAllowed: true };
    expect(noteSamePicture(allowed, 'a1', person(9), now)).toBeUndefined();
    expect(decideSamePicture(allowed, now, settings)).toBeUndefined();
  });

  it('needs no note of somebody who is noted', () => {
    expect(noteSamePicture(wornBy([1, 0]), 'a1', person(1), after(1))).toBeUndefined();
  });
});

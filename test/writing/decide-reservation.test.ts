import {
  decideComeBack,
  decidePause,
  decideReservation,
  type Ask,
  type Budget,
} from '../../src/writing/decide-reservation';

const now = Date.parse('2026-11-27T21:30:00.250Z');
const settings = { peopleManagerPerSecond: 5, unitsPerSecond: 10 };
const write: Ask = { lane: 'live', cost: { peopleManager: 4, units: 10 }, maximumWritesPerDay: 500 };
const unused: Budget = {
  peopleManagerReadyAt: 0,
  unitsReadyAt: 0,
  deferredReadyAt: 0,
  pausedUntil: 0,
  isProbed: false,
  liveTailAt: 0,
  backlogTailAt: 0,
  deferredTailAt: 0,
  day: '',
  writes: 0,
  stopToldOn: '',
};
const taken = (seconds: number): Budget => ({ ...unused, unitsReadyAt: now + seconds * 1000 });

describe('Who may take from the budget', () => {
  it.each<{ when: string; budget: Budget; lane: Ask['lane']; waitMs: number }>([
    { when: 'nothing is taken', budget: unused, lane: 'live', waitMs: 0 },
    { when: 'a little is taken in advance', budget: taken(14), lane: 'backlog', waitMs: 0 },
    { when: 'half the burst is taken', budget: taken(15), lane: 'backlog', waitMs: 0 },
    { when: 'more than half is taken', budget: taken(16), lane: 'backlog', waitMs: 1000 },
    { when: 'more than half is taken', budget: taken(16), lane: 'live', waitMs: 0 },
    { when: 'more than the burst is taken', budget: taken(31.5), lane: 'live', waitMs: 1500 },
    { when: 'more than the burst is taken', budget: taken(31.5), lane: 'backlog', waitMs: 16_500 },
    {
      when: 'the calls of PeopleManager are what is short',
      budget: { ...unused, peopleManagerReadyAt: now + 40_000 },
      lane: 'live',
      waitMs: 10_000,
    },
    {
      when: 'the share of the deferred is taken',
      budget: { ...unused, deferredReadyAt: now + 20_000 },
      lane: 'deferred',
      waitMs: 5000,
    },
    {
      when: 'the share of the deferred is taken',
      budget: { ...unused, deferredReadyAt: now + 20_000 },
      lane: 'backlog',
      waitMs: 0,
    },
    {
      when: 'SharePoint asked for a pause',
      budget: { ...unused, pausedUntil: now + 90_000 },
      lane: 'live',
      waitMs: 90_000,
    },
  ])('$lane, when $when: waits $waitMs ms', ({ budget, lane, waitMs }) => {
    const decided = decideReservation(budget, { ...write, lane }, now, settings);
    expect(decided).toMatchObject(waitMs === 0 ? { kind: 'take' } : { kind: 'wait', waitMs });
  });
});

describe('What is taken', () => {
  const take = (budget: Budget, ask: Ask = write) => {
    const decided = decideReservation(budget, ask, now, settings);
    if (decided.kind !== 'take') throw new Error(decided.kind);
    return decided.budget;
  };

  it('is paid for from now on, by each limit in its own time', () => {
    expect(take(unused)).toMatchObject({ peopleManagerReadyAt: now + 800, unitsReadyAt: now + 1000 });
  });

  it('is paid for after what was taken before', () => {
    expect(take(taken(3)).unitsReadyAt).toBe(now + 4000);
  });

  it('takes twenty times as long from the share of the deferred', () => {
    const budget = take(unused, { ...write, lane: 'deferred' });
    expect(budget).toMatchObject({ unitsReadyAt: now + 1000, deferredReadyAt: now + 20_000 });
  });

  it('counts for the day', () => {
    expect(take({ ...unused, day: '2026-11-27', writes: 7 })).toMatchObject({ writes: 8 });
    expect(take({ ...unused, day: '2026-11-26', writes: 7 })).toMatchObject({ day: '2026-11-27', writes: 1 });
    expect(take(unused, { ...write, maximumWritesPerDay: undefined })).toMatchObject({ writes: 0 });
  });
});

describe('The day’s writes', () => {
  const usedUp = { ...unused, day: '2026-11-27', writes: 500 };

  it('stop at the limit, which is told once a day', () => {
    const first = decideReservation(usedUp, write, now, settings);
    expect(first).toEqual({ kind: 'day-limit', budget: { ...usedUp, stopToldOn: '2026-11-27' } });
    if (first.kind !== 'day-limit') return;
    expect(decideReservation(first.budget!, write, now, settings)).toEqual({ kind: 'day-limit' });
  });

  it.each([
    { when: 'the next day', at: Date.parse('2026-11-28T00:00:00Z'), ask: write },
    { when: 'the limit is raised', at: now, ask: { ...write, maximumWritesPerDay: 501 } },
    { when: 'it does not count', at: now, ask: { ...write, maximumWritesPerDay: undefined } },
  ])('go on when $when', ({ at, ask }) => {
    expect(decideReservation(usedUp, ask, at, settings).kind).toBe('take');
  });
});

describe('After SharePoint asked for a pause', () => {
  const paused = decidePause(unused, 90_000, now)!;

  it('one goes ahead, and the others wait for what becomes of it', () => {
    const at = now + 90_000;
    const first = decideReservation(paused, write, at, settings);
    if (first.kind !== 'take') throw new Error(first.kind);
    expect(decideReservation(first.budget, write, at, settings)).toEqual({ kind: 'wait', waitMs: 5000 });
    const later = decideReservation(first.budget, write, at + 5000, settings);
    expect(later.kind).toBe('take');
    expect(later.kind === 'take' && later.budget.pausedUntil).toBe(first.budget.pausedUntil);
  });

  it('a shorter wait than the one in force changes nothing', () => {
    expect(decidePause(paused, 60_000, now)).toBeUndefined();
  });

  it('whoever went ahead and was refused leaves the next one to go ahead alone again', () => {
    const probed = { ...paused, pausedUntil: now + 5000, isProbed: true };
    expect(decidePause(probed, 3000, now)).toMatchObject({ pausedUntil: now + 5000, isProbed: false });
    expect(decidePause(probed, 60_000, now)).toMatchObject({ pausedUntil: now + 60_000, isProbed: false });
  });
});

it('Those who can’t wait come back one after the other, each lane by itself', () => {
  const backlog: Ask = { ...write, lane: 'backlog' };
  const first = decideComeBack(unused, backlog, 25_000, now, settings);
  const second = decideComeBack(first.budget, backlog, 25_000, now + 500, settings);
  const live = decideComeBack(second.budget, write, 25_000, now + 500, settings);
  expect([first, second, live].map(({ comeBackMs }) => comeBackMs)).toEqual([26_000, 26_500, 26_000]);
});

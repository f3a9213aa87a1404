import { emptyRow } from '../../src/storage/person-table';
import { decidePageMessage } from '../../src/sweep/decide-page-message';
import { decideRenewal } from '../../src/sweep/decide-renewal';
import { decideShares, type Finding } from '../../src/sweep/decide-shares';
import { decideSweepStart } from '../../src/sweep/decide-sweep-start';

const now = new Date('2026-11-27T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

describe('The timer', () => {
  const done = {
    ...{ isFinished: true, startedAt: minutesAgo(60), wanted: '', people: 500 },
    putBackUntil: undefined as Date | undefined,
  };
  const large = { ...done, people: 10_001 };

  it.each([
    { when: 'there was no sweep', last: undefined, isScheduled: false, then: 'start' },
    { when: 'one runs', last: { ...done, isFinished: false }, isScheduled: true, then: 'send-again' },
    {
      when: 'one runs, and its page comes back in ten minutes',
      last: { ...done, isFinished: false, putBackUntil: minutesAgo(-10) },
      isScheduled: true,
      then: 'wait',
    },
    {
      when: 'one runs, and its page should have come back',
      last: { ...done, isFinished: false, putBackUntil: minutesAgo(1) },
      isScheduled: true,
      then: 'send-again',
    },
    {
      when: 'one runs and another is wanted',
      last: { ...done, isFinished: false, wanted: 'x' },
      isScheduled: false,
      then: 'send-again',
    },
    { when: 'the last one is done', last: done, isScheduled: false, then: 'start' },
    { when: 'a large tenant was swept an hour ago', last: large, isScheduled: false, then: 'wait' },
    {
      when: 'a large tenant was swept almost six hours ago',
      last: { ...large, startedAt: minutesAgo(355) },
      isScheduled: false,
      then: 'start',
    },
    {
      when: 'a large tenant was swept five hours ago',
      last: { ...large, startedAt: minutesAgo(300) },
      isScheduled: false,
      then: 'wait',
    },
    {
      when: 'a sweep of a large tenant is wanted',
      last: { ...large, wanted: 'a gap' },
      isScheduled: false,
      then: 'start',
    },
    { when: 'an admin chose the schedule of a large tenant', last: large, isScheduled: true, then: 'start' },
    {
      when: 'the tenant has just 10,000 people',
      last: { ...large, people: 10_000 },
      isScheduled: false,
      then: 'start',
    },
  ])('when $when: $then', ({ last, isScheduled, then }) => {
    expect(decideSweepStart(last, { isScheduled }, now).plan).toBe(then);
  });
});

describe('A message', () => {
  const row = {
    ...{ sweepId: 'one', page: 7, isFinished: false, pageAt: minutesAgo(1) },
    putBackUntil: undefined as Date | undefined,
  };

  it.each([
    { when: 'it names the page of the row', message: { sweepId: 'one', page: 7 }, row, then: 'work' },
    {
      when: 'it comes before the one that was put back',
      message: { sweepId: 'one', page: 7 },
      row: { ...row, putBackUntil: minutesAgo(-1) },
      then: 'drop',
    },
    {
      when: 'it is the one that was put back, a second early by another clock',
      message: { sweepId: 'one', page: 7 },
      row: { ...row, putBackUntil: new Date(now.getTime() + 1000) },
      then: 'work',
    },
    {
      when: 'it names the page before the one that was put back',
      message: { sweepId: 'one', page: 6 },
      row: { ...row, putBackUntil: minutesAgo(-1) },
      then: 'drop',
    },
    { when: 'it names the page before', message: { sweepId: 'one', page: 6 }, row, then: 'send-again' },
    { when: 'it names an older page', message: { sweepId: 'one', page: 5 }, row, then: 'drop' },
    {
      when: 'it names an older page of a sweep that stands still',
      message: { sweepId: 'one', page: 2 },
      row: { ...row, pageAt: minutesAgo(3) },
      then: 'send-again',
    },
    {
      when: 'it names a later page',
      message: { sweepId: 'one', page: 8 },
      row: { ...row, pageAt: minutesAgo(9) },
      then: 'drop',
    },
    { when: 'it is of another sweep', message: { sweepId: 'two', page: 7 }, row, then: 'drop' },
    {
      when: 'the sweep is done',
      message: { sweepId: 'one', page: 7 },
      row: { ...row, isFinished: true },
      then: 'drop',
    },
    { when: 'there is no sweep', message: { sweepId: 'one', page: 1 }, row: undefined, then: 'drop' },
  ])('when $when: $then', ({ message, row, then }) => {
    expect(decidePageMessage(message, row, now)).toBe(then);
  });
});

describe('Of a page', () => {
  const of = (cause: Finding['cause'], ...since: string[]): Finding[] =>
    since.map((time) => ({ id: `${cause} ${time}`, cause, since: time }));

  it.each([
    { share: 'one deferred person of few people', people: 10, percent: 1, deferred: 1, checks: 1 },
    { share: '5 % deferred people and the share of checks', people: 60, percent: 5, deferred: 3, checks: 3 },
    { share: 'no check where there are to be none', people: 60, percent: 0, deferred: 3, checks: 0 },
  ])('goes $share', ({ people, percent, deferred, checks }) => {
    const findings = [...of('deferred', '3', '1', '2', '4'), ...of('check', '2', '', '1', '3')];
    const { events, postponed } = decideShares(findings, people, percent);
    const sent = (cause: string) => events.filter((event) => event.cause === cause).map(({ since }) => since);
    expect(sent('deferred')).toEqual(['1', '2', '3'].slice(0, deferred));
    expect(sent('check')).toEqual(['', '1', '2'].slice(0, checks));
    expect(postponed).toBe(4 - deferred);
  });

  it('goes everybody whose photo changed', () => {
    const changed = of('sweep', ...Array.from({ length: 50 }, (_, n) => String(n)));
    expect(decideShares(changed, 50, 1)).toEqual({ events: changed, postponed: 0 });
  });
});

it.each([
  { when: 'it was renewed six days ago', columns: { lastSeenOn: '2026-11-21' }, then: {} },
  {
    when: 'it was renewed nine days ago',
    columns: { lastSeenOn: '2026-11-18' },
    then: { lastSeenOn: '2026-11-27' },
  },
  { when: 'it was never written', columns: {}, then: { lastSeenOn: '2026-11-27' } },
  { when: 'somebody may be writing the row', columns: { dirty: true }, then: {} },
])('The day a person was last seen is renewed or not, when $when', ({ columns, then }) => {
  expect(decideRenewal({ ...emptyRow, ...columns }, now)).toEqual(then);
});

import { emptyRow, type PersonRow } from '../../src/storage/person-table';
import {
  decideDrift,
  isCheckDue,
  wasAnnounced,
  type DriftFacts,
  type SweepLook,
} from '../../src/sweep/decide-drift';

const now = new Date('2026-11-27T12:00:00Z');
const earlier = '2026-11-27T11:00:00.000Z';
const later = '2026-11-27T13:00:00.000Z';

const row = (columns: Partial<PersonRow> = {}): PersonRow => ({ ...emptyRow, ...columns });
const photo = (etag: string, isStandard = true): SweepLook => ({ kind: 'photo', etag, isStandard });
const none: SweepLook = { kind: 'none' };
const unknown: SweepLook = { kind: 'unknown' };

const applied = row({ seenEtag: 'A', appliedEtag: 'A', settledEtag: 'A', code: 'changed' });
const baseline = row({ seenEtag: 'A', settledEtag: 'A', plan: 'skip', code: 'baseline' });
const restored = row({ seenEtag: 'A', settledEtag: 'A', plan: 'restore', code: 'restored' });
const restoredWithout = { ...restored, seenEtag: '' };
const deferred = row({ seenEtag: 'A', plan: 'defer', code: 'no-profile' });

const facts: DriftFacts = {
  row: undefined,
  look: photo('A'),
  isBaseline: false,
  isBackfill: false,
  reportOnly: false,
  removals: 'clear',
  now,
  readAt: now,
};

function outcome(changes: Partial<DriftFacts>): string {
  const drift = decideDrift({ ...facts, ...changes });
  const what =
    drift.plan === 'send'
      ? `${drift.cause}${drift.columns?.settledEtag === '' ? ' unsettled' : ''}`
      : drift.plan === 'record'
        ? `record ${String(drift.columns.code)}`
        : drift.plan;
  return `${what}: ${drift.counts.join(', ')}`;
}

describe('While the app writes', () => {
  it.each<{ when: string; facts: Partial<DriftFacts>; then: string }>([
    { when: 'the photo is the one applied', facts: { row: applied }, then: 'nothing: inSync' },
    { when: 'the photo is in the baseline', facts: { row: baseline }, then: 'nothing: inSync' },
    {
      when: 'the photo differs from the one applied',
      facts: { row: applied, look: photo('B') },
      then: 'sweep: changed',
    },
    {
      when: 'the photo was seen and never settled',
      facts: { row: row({ seenEtag: 'A' }) },
      then: 'sweep: unfinished',
    },
    {
      when: 'a write did not finish',
      facts: { row: { ...applied, dirty: true } },
      then: 'sweep: unfinished',
    },
    {
      when: 'a write did not finish and the photo is gone',
      facts: { row: row({ dirty: true }), look: none },
      then: 'sweep: unfinished',
    },
    { when: 'the person is new', facts: {}, then: 'sweep: added' },
    {
      when: 'the person is new at the baseline',
      facts: { isBaseline: true },
      then: 'record baseline: baseline',
    },
    {
      when: 'the person was out of scope before the baseline',
      facts: { isBaseline: true, row: row({ code: 'out-of-scope' }) },
      then: 'record baseline: baseline',
    },
    {
      when: 'a notification came before the baseline',
      facts: { isBaseline: true, row: applied, look: photo('B') },
      then: 'sweep: changed',
    },
    { when: 'the picture of before is back', facts: { row: restored }, then: 'nothing: inSync' },
    {
      when: 'the picture of before is back, and the photo is another',
      facts: { row: restored, look: photo('B') },
      then: 'sweep: changed',
    },
    {
      when: 'the picture of before is back, and everyone is to be written once',
      facts: { isBackfill: true, row: restored },
      then: 'sweep unsettled: added',
    },
    {
      when: 'the picture of before is back, and the photo that was gone then is there',
      facts: { isBaseline: true, row: restoredWithout },
      then: 'nothing: inSync',
    },
    {
      when: 'the picture of before is back, and there is a photo where there was none',
      facts: { isBaseline: true, row: { ...restoredWithout, settledEtag: '' } },
      then: 'sweep: changed',
    },
    {
      when: 'there was no photo at the baseline',
      facts: { row: row({ code: 'no-photo' }) },
      then: 'sweep: changed',
    },
    {
      when: 'everyone is to be written once',
      facts: { isBackfill: true, row: baseline },
      then: 'sweep unsettled: added',
    },
    {
      when: 'everyone is to be written once, and an event is on its way',
      facts: { isBackfill: true, row: { ...baseline, settledEtag: '' } },
      then: 'sweep: unfinished',
    },
    {
      when: 'everyone is to be written once, and was',
      facts: { isBackfill: true, row: applied },
      then: 'nothing: inSync',
    },
    {
      when: 'everyone is to be written once, and the photo is unusable',
      facts: { isBackfill: true, row: { ...baseline, code: 'unusable' } },
      then: 'nothing: inSync',
    },
    {
      when: 'there is no word about the person',
      facts: { row: { ...applied, dirty: true }, look: unknown },
      then: 'nothing: failed',
    },
    {
      when: 'the baseline has no word about somebody known',
      facts: { isBaseline: true, row: applied, look: unknown },
      then: 'nothing: failed',
    },
    {
      when: 'the baseline has no word about somebody new',
      facts: { isBaseline: true, look: unknown },
      then: 'record baseline: failed',
    },
    {
      when: 'a later sweep sees for the first time whom the baseline could not see',
      facts: { row: row({ plan: 'skip', code: 'baseline' }) },
      then: 'record baseline: baseline',
    },
    {
      when: 'a photo that was gone is back',
      facts: { row: { ...applied, seenEtag: '', doubt: 'removed', nextLookAt: later } },
      then: 'sweep: unfinished',
    },
    {
      when: 'a photo that was of another kind is back',
      facts: { row: { ...applied, seenEtag: 'B', doubt: 'other-kind', doubtEtag: 'B', nextLookAt: later } },
      then: 'sweep: unfinished',
    },
  ])('$when: $then', ({ facts, then }) => {
    expect(outcome(facts)).toBe(then);
  });
});

describe('Whoever is due', () => {
  it.each<{ when: string; facts: Partial<DriftFacts>; then: string }>([
    {
      when: 'deferred, and not due yet',
      facts: { row: { ...deferred, nextLookAt: later } },
      then: 'nothing: waiting',
    },
    {
      when: 'deferred, and due',
      facts: { row: { ...deferred, nextLookAt: earlier } },
      then: 'deferred: due',
    },
    {
      when: 'deferred, and the photo changed meanwhile',
      facts: { row: { ...deferred, nextLookAt: later }, look: photo('B') },
      then: 'sweep: changed',
    },
    {
      when: 'in doubt about a photo of another kind, and not due yet',
      facts: {
        row: { ...applied, doubt: 'other-kind', doubtEtag: 'B', nextLookAt: later },
        look: photo('B'),
      },
      then: 'nothing: waiting',
    },
    {
      when: 'in doubt about a photo of another kind, and due',
      facts: {
        row: { ...applied, doubt: 'other-kind', doubtEtag: 'B', nextLookAt: earlier },
        look: photo('B'),
      },
      then: 'confirm: due',
    },
    {
      when: 'in doubt about a photo, and it changed again',
      facts: {
        row: { ...applied, doubt: 'other-kind', doubtEtag: 'B', nextLookAt: later },
        look: photo('C'),
      },
      then: 'sweep: changed',
    },
    {
      when: 'in doubt whether the photo is gone, and not due yet',
      facts: { row: { ...applied, doubt: 'removed', nextLookAt: later }, look: none },
      then: 'nothing: withoutPhoto, removed, waiting',
    },
    {
      when: 'in doubt whether the photo is gone, and due',
      facts: { row: { ...applied, doubt: 'removed', nextLookAt: earlier }, look: none },
      then: 'confirm: withoutPhoto, removed, due',
    },
    {
      when: 'with files to remove',
      facts: { row: row({ code: 'no-photo', filesDueAt: earlier, nextLookAt: earlier }), look: none },
      then: 'files: withoutPhoto, due',
    },
    {
      when: 'with files to remove, and no profile until later',
      facts: { row: { ...deferred, filesDueAt: earlier, nextLookAt: later }, look: none },
      then: 'nothing: withoutPhoto, waiting',
    },
    {
      when: 'with files to remove, and a new photo that is unusable',
      facts: { row: { ...baseline, code: 'unusable', filesDueAt: earlier } },
      then: 'nothing: inSync',
    },
    {
      when: 'with files to remove, and a new photo but no profile until later',
      facts: { row: { ...deferred, filesDueAt: earlier, nextLookAt: later } },
      then: 'nothing: waiting',
    },
    {
      when: 'with files to remove later',
      facts: { row: row({ code: 'no-photo', filesDueAt: later, nextLookAt: later }), look: none },
      then: 'nothing: withoutPhoto',
    },
  ])('$when: $then', ({ facts, then }) => {
    expect(outcome(facts)).toBe(then);
  });
});

describe('Whoever has no photo', () => {
  it.each<{ when: string; facts: Partial<DriftFacts>; then: string }>([
    { when: 'and never had one', facts: {}, then: 'record no-photo: withoutPhoto' },
    { when: 'and had one in the baseline', facts: { row: baseline }, then: 'record no-photo: withoutPhoto' },
    {
      when: 'and is on record so',
      facts: { row: row({ code: 'no-photo' }) },
      then: 'nothing: withoutPhoto',
    },
    { when: 'but a picture of ours', facts: { row: applied }, then: 'sweep: withoutPhoto, removed' },
    {
      when: 'but a picture that was begun',
      facts: { row: row({ seenEtag: 'A', writingSha256: '{}' }) },
      then: 'sweep: withoutPhoto, removed',
    },
    {
      when: 'but a picture of ours, and nothing is to be removed',
      facts: { row: { ...applied, code: 'no-photo' }, removals: 'off' },
      then: 'nothing: withoutPhoto, removed',
    },
    {
      when: 'but a picture of ours, and the app only reports',
      facts: { row: applied, reportOnly: true },
      then: 'record no-photo: withoutPhoto',
    },
  ])('$when: $then', ({ facts, then }) => {
    expect(outcome({ look: none, ...facts })).toBe(then);
  });

  it('is in doubt about no other photo any more', () => {
    const inDoubt = row({ seenEtag: 'B', doubt: 'other-kind', doubtEtag: 'B', doubtSince: earlier });
    expect(decideDrift({ ...facts, row: inDoubt, look: none })).toMatchObject({
      columns: { doubt: '', doubtEtag: '', doubtSince: '', nextLookAt: '' },
    });
  });
});

describe('While the app only reports', () => {
  it.each<{ when: string; facts: Partial<DriftFacts>; then: string }>([
    { when: 'the photo was seen', facts: { row: row({ seenEtag: 'A' }) }, then: 'nothing: inSync' },
    { when: 'the row is unfinished', facts: { row: { ...applied, dirty: true } }, then: 'nothing: inSync' },
    { when: 'the photo changed', facts: { row: baseline, look: photo('B') }, then: 'sweep: changed' },
    { when: 'the person is new', facts: {}, then: 'sweep: added' },
    {
      when: 'the person is new at the baseline',
      facts: { isBaseline: true },
      then: 'record baseline: baseline',
    },
    {
      when: 'a deferred person is due',
      facts: { row: { ...deferred, nextLookAt: earlier } },
      then: 'nothing: inSync',
    },
  ])('$when: $then', ({ facts, then }) => {
    expect(outcome({ reportOnly: true, ...facts })).toBe(then);
  });
});

it.each([
  { isStandard: true, settledKind: 'standard' },
  { isStandard: false, settledKind: 'other' },
])('The baseline says what kind of photo it is: $settledKind', ({ isStandard, settledKind }) => {
  const facts = { row: undefined, isBackfill: false, reportOnly: false, removals: 'clear' as const };
  const drift = decideDrift({ ...facts, look: photo('A', isStandard), isBaseline: true, now, readAt: now });
  expect(drift).toMatchObject({
    columns: { settledKind, seenEtag: 'A', settledEtag: 'A', lastSeenOn: '2026-11-27' },
  });
  expect(drift).not.toHaveProperty('columns.appliedEtag');
});

it.each([
  { when: 'it is due', columns: { appliedEtag: 'A', checkDueAt: earlier }, isDue: true },
  { when: 'it is not due yet', columns: { appliedEtag: 'A', checkDueAt: later }, isDue: false },
  { when: 'no check is planned', columns: { appliedEtag: 'A' }, isDue: false },
  { when: 'the picture is not ours', columns: { checkDueAt: earlier }, isDue: false },
])('A check, when $when: $isDue', ({ columns, isDue }) => {
  expect(isCheckDue(row(columns), now)).toBe(isDue);
});

describe('A change', () => {
  const at = (time: string) => new Date(`2026-11-27T${time}:00Z`);
  const looked = { lookStartedAt: at('10:00').toISOString(), decidedAt: at('09:00').toISOString() };
  const noted = { lookingSince: undefined, nextLookAt: undefined, readAt: at('12:00') };

  it.each([
    { when: 'nothing is noted', noted, announced: false },
    {
      when: 'the noted look came before the last',
      noted: { ...noted, lookingSince: at('09:59') },
      announced: false,
    },
    { when: 'somebody is looking', noted: { ...noted, lookingSince: at('10:01') }, announced: true },
    { when: 'a look is on its way', noted: { ...noted, nextLookAt: at('12:01') }, announced: true },
    {
      when: 'a look that was on its way has run',
      noted: { ...noted, nextLookAt: at('11:59') },
      announced: false,
    },
  ])('is announced or not, when $when: $announced', ({ noted, announced }) => {
    expect(wasAnnounced(looked, noted)).toBe(announced);
  });

  it('of somebody whose looks were only reported counts from the last decision', () => {
    const reported = { lookStartedAt: '', decidedAt: at('10:00').toISOString() };
    expect(wasAnnounced(reported, { ...noted, lookingSince: at('09:00') })).toBe(false);
  });
});

import { decideAccount } from '../photos/decide-photo';
import { isStandardSize } from '../photos/picture-sizes';
import type { PhotoEvent } from '../photos/photo-event';
import { queueNames } from '../storage/names';
import type { PersonReading, PersonRow } from '../storage/person-table';
import { peopleABatch, type BatchLook } from '../tenant/graph-looks';
import type { ListedPerson, PeoplePage } from '../tenant/graph-people';
import { decideDrift, isCheckDue, wasAnnounced, type DriftFacts, type SweepLook } from './decide-drift';
import { decideRenewal } from './decide-renewal';
import { decideShares, type Finding } from './decide-shares';
import { inParallel } from './in-parallel';
import { noCounts, type SweepCounts } from './sweep-counts';
import type { SweepDeps } from './sweep-deps';

/** Graph gives an app four requests at once for a mailbox's photos; more batches than these would wait for each other. */
export const looksAtOnce = 4;
/** While four batches are looked at, the rows of the next are read and those of the last are written. */
const batchesAtOnce = looksAtOnce + 6;
const sendsAtOnce = 16;

export type PeopleDeps = SweepDeps & {
  /** Lets `looksAtOnce` looks run at once, those of two pages together. */
  lookInTurn: <R>(look: () => Promise<R>) => Promise<R>;
};

export interface SweptPage {
  nextLink: string | undefined;
  counts: SweepCounts;
  /** Graph's time. */
  now: Date;
}

/** What holds for all people of a sweep. */
export type SweepRule = Pick<DriftFacts, 'isBaseline' | 'isBackfill' | 'reportOnly' | 'removals'>;

/**
 * One page: lists up to 999 people, compares their photos with what is on record, and sends an event for each who is
 * to be looked at by apply. Doing it twice does no harm.
 * @param allBegun is told where the next page begins when everybody of this one is at work.
 * @throws ServiceFailure
 */
export async function sweepPeople(
  deps: PeopleDeps,
  sweep: { sweepId: string; nextLink: string },
  rule: SweepRule,
  allBegun: (nextLink: string | undefined) => void = () => undefined,
): Promise<SweptPage | 'refused'> {
  const page = await deps.directory.list(sweep.nextLink);
  if (page === 'refused') return 'refused';
  const counts = { ...noCounts(), seen: page.people.length, requests: 1 };
  const findings: Finding[] = [];
  const batches = batchesOf(await whomToLookAt(deps, page.people, counts));
  await inParallel(batches, batchesAtOnce, async (ids) => {
    if (ids === batches.at(-1)) allBegun(page.nextLink);
    const known = await readRows(deps, ids, counts);
    if (known.size === 0) return;
    const { looks, requests } = await deps.lookInTurn(() => deps.looks.lookAtAll([...known.keys()]));
    counts.requests += requests;
    await Promise.all(
      [...known].map(async ([id, reading]) => {
        const look = toSweepLook(looks.get(id));
        findings.push(...(await compare(deps, { id, reading, look }, { page, rule, counts })));
      }),
    );
  });
  const { checkPercent } = deps.settings.sweep;
  const { events, postponed } = decideShares(findings, page.people.length, checkPercent);
  counts.due -= postponed;
  counts.waiting += postponed;
  counts.checks += events.filter(({ cause }) => cause === 'check').length;
  await inParallel(events, sendsAtOnce, (finding) =>
    deps.queue.send(queueNames.photoChangedBacklog, toEvent(finding, sweep.sweepId)),
  );
  return { nextLink: page.nextLink, counts, now: page.now };
}

/** Without asking about them: guests, disabled accounts, and whoever is out of scope are left out and counted. */
async function whomToLookAt(
  { scope, settings }: SweepDeps,
  people: readonly ListedPerson[],
  counts: SweepCounts,
): Promise<string[]> {
  const ids: string[] = [];
  for (const person of people) {
    const leftAlone = decideAccount(person, settings.scope);
    const { isIncluded, isExcluded } = await scope.standingOf(person.id);
    if (leftAlone) skip(counts, leftAlone.code);
    else if (isExcluded || !isIncluded) skip(counts, 'out-of-scope');
    else ids.push(person.id);
  }
  return ids;
}

/** @returns the rows of those whom nobody holds. */
async function readRows(
  { people }: SweepDeps,
  ids: readonly string[],
  counts: SweepCounts,
): Promise<Map<string, PersonReading>> {
  const readings = await Promise.all(ids.map(async (id) => [id, await people.read(id)] as const));
  const lookable = readings.filter(([, { row }]) => !row?.hold);
  for (let held = readings.length - lookable.length; held > 0; held--) skip(counts, 'held');
  return new Map(lookable);
}

/** Writes what the row itself is to say, at once, and returns what is to be sent. */
async function compare(
  { people }: SweepDeps,
  { id, reading, look }: { id: string; reading: PersonReading; look: SweepLook },
  { page, rule, counts }: { page: PeoplePage; rule: SweepRule; counts: SweepCounts },
): Promise<Finding[]> {
  const { row, token, readAt } = reading;
  const { now } = page;
  const drift = decideDrift({ ...rule, row, look, now, readAt });
  for (const name of drift.counts) counts[name] += 1;
  if (row?.appliedEtag) counts.ours += 1;
  if (row && drift.counts.includes('changed')) {
    if (!wasAnnounced(row, await people.readLook(id))) counts.unannounced += 1;
  }
  // Whoever wrote the row since knows better, so a lost race is left at that.
  if (drift.plan === 'send') {
    if (drift.columns) await people.write(id, token, drift.columns);
    return [{ id, cause: drift.cause, since: row?.nextLookAt ?? '' }];
  }
  const columns: Partial<PersonRow> = drift.plan === 'record' ? drift.columns : decideRenewal(row, now);
  if (Object.keys(columns).length > 0) await people.write(id, token, columns);
  const isToCheck = !rule.reportOnly && drift.counts.includes('inSync') && isCheckDue(row, now);
  return row && isToCheck ? [{ id, cause: 'check', since: row.checkedAt }] : [];
}

const skip = (counts: SweepCounts, code: string): void => {
  counts.skipped[code] = (counts.skipped[code] ?? 0) + 1;
};

function batchesOf(ids: readonly string[]): string[][] {
  const count = Math.ceil(ids.length / peopleABatch);
  return Array.from({ length: count }, (_, n) => ids.slice(n * peopleABatch, (n + 1) * peopleABatch));
}

function toSweepLook(look: BatchLook | undefined): SweepLook {
  if (!look) return { kind: 'unknown' };
  return look.kind === 'photo' ? { ...look, isStandard: isStandardSize(look.width, look.height) } : look;
}

const toEvent = ({ id, cause }: Finding, sweepId: string): PhotoEvent => {
  return { personId: id, cause, force: false, attempt: 0, correlationId: sweepId };
};

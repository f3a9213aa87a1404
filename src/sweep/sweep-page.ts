import { randomUUID } from 'node:crypto';
import { ServiceFailure } from '../errors';
import type { SweepRow } from '../storage/sweep-table';
import { advanceSweep, finishSweep } from './advance-sweep';
import { decidePageMessage } from './decide-page-message';
import { atMost } from './in-parallel';
import type { PageMessage } from './page-message';
import { pagesAhead, type PagesAhead, type SweepOne } from './pages-ahead';
import { scopeKeyOf, scopeKeyAfter } from './scope-key';
import { sendPage, startSweep, stateOf } from './start-sweep';
import { addCounts, noCounts } from './sweep-counts';
import type { SweepDeps } from './sweep-deps';
import { sweepLeavers } from './sweep-leavers';
import { looksAtOnce, sweepPeople, type SweepRule } from './sweep-people';

const maximumRestarts = 3;
const jitterShare = 0.1;
/** Whatever an answer says: until then, nothing else has the sweep go on. */
const longestDelaySeconds = 24 * 3600;

/**
 * One run of a sweep: works through pages for a while, moves the row forward after each, and hands over to the next
 * run. The row says which page it is; the message is only worth something if it names that page.
 * @throws anything that is no ServiceFailure: the queue's tries, and at last the poison queue, are for our own bugs.
 */
export async function sweepPage(deps: SweepDeps, message: PageMessage): Promise<void> {
  const { sweeps, settings, log, monotonicMs } = deps;
  const { row, readAt } = await sweeps.read();
  const turn = decidePageMessage(message, row && { ...row, ...stateOf(row) }, readAt);
  if (turn !== 'work' || !row) {
    log.info('sweep-page-passed', { sweepId: message.sweepId, page: message.page, turn });
    if (turn === 'send-again' && row) await sendPage(deps, row);
    if (row?.finishedAt && row.wanted) await startSweep(deps, row.wanted);
    return;
  }
  if (settings.mode === 'remove') {
    log.info('sweep-page-passed', { sweepId: message.sweepId, page: message.page, turn: 'drop' });
    return;
  }

  const runId = randomUUID();
  const startedMs = monotonicMs();
  const hasTime = () => monotonicMs() - startedMs < settings.sweep.runMs;
  const pages = pagesAhead(sweepOne(deps, row), hasTime);
  let current: SweepRow = row;
  try {
    do {
      const next = await workThrough(deps, pages, runId, current);
      // Another run has finished this page: it goes on from there, and this one ends.
      if (!next) return;
      current = next;
    } while (current.finishedAt === '' && (hasTime() || pages.isAhead()));
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    await putBack(deps, current, current.page === message.page ? message.attempt : 0, error);
    return;
  } finally {
    // So that nothing goes on when the function's run has ended.
    await pages.end();
  }
  if (current.finishedAt === '') await sendPage(deps, current);
  else if (current.wanted !== '') await startSweep(deps, current.wanted);
}

/** How one page of this sweep's people is worked through. */
function sweepOne(deps: SweepDeps, { sweepId, baselineOf }: SweepRow): SweepOne {
  const { settings, scope } = deps;
  const rule: SweepRule = {
    isBaseline: settings.backfill === 'none' && baselineOf !== scopeKeyOf(settings.scope),
    isBackfill: settings.backfill === 'all',
    reportOnly: settings.mode !== 'apply',
    removals: settings.removals,
  };
  const lookInTurn = atMost(looksAtOnce);
  return async (nextLink, allBegun) => {
    // Whom to leave out can't be told: a sweep now would take people for out of scope who are not.
    const unknown = await scope.unknownBecause();
    if (unknown !== undefined) throw new ServiceFailure('settings', unknown);
    return sweepPeople({ ...deps, lookInTurn }, { sweepId, nextLink }, rule, allBegun);
  };
}

/** One step. @returns the row after it, or undefined if somebody else took the step. */
async function workThrough(
  deps: SweepDeps,
  pages: PagesAhead,
  runId: string,
  row: SweepRow,
): Promise<SweepRow | undefined> {
  if (row.stage === 'leavers') {
    const now = new Date(row.graphTime);
    const { next, leavers, requests } = await sweepLeavers(deps, row.leaversFrom, now);
    const counts = addCounts(row.counts, { ...noCounts(), leavers, requests });
    if (next !== undefined) return advanceSweep(deps, runId, row, { counts, leaversFrom: next });
    return finishSweep(deps, runId, row, { counts, leaversOn: dayOf(row.graphTime) }, 'complete');
  }

  const swept = await pages.sweep(row.nextLink);
  if (swept === 'refused') return beginAgain(deps, runId, row);

  const counts = addCounts(row.counts, swept.counts);
  const { sweepId, page } = row;
  deps.log.info('sweep-page', { sweepId, page, seen: counts.seen, changed: counts.changed });
  const graphTime = swept.now.toISOString();
  const scopeKey = scopeKeyOf(deps.settings.scope);
  const changes = { counts, graphTime, scopeKey: scopeKeyAfter(row, scopeKey) };
  if (swept.nextLink !== undefined) {
    return advanceSweep(deps, runId, row, { ...changes, nextLink: swept.nextLink });
  }
  if (dayOf(graphTime) !== row.leaversOn) {
    return advanceSweep(deps, runId, row, { ...changes, nextLink: '', stage: 'leavers', leaversFrom: '' });
  }
  return finishSweep(deps, runId, row, changes, 'complete');
}

/** Graph no longer knows the page that it named, so who came before and who comes after can't be told. */
async function beginAgain(deps: SweepDeps, runId: string, row: SweepRow): Promise<SweepRow | undefined> {
  const restarts = row.counts.restarts + 1;
  const requests = row.counts.requests + 1;
  deps.log.warn('sweep-restarted', { sweepId: row.sweepId, page: row.page, restarts });
  if (restarts > maximumRestarts) {
    return finishSweep(deps, runId, row, { counts: { ...row.counts, restarts, requests } }, 'failed');
  }
  const counts = { ...noCounts(), restarts, requests };
  return advanceSweep(deps, runId, row, { counts, nextLink: '', scopeKey: '' });
}

/**
 * The message is sent first and noted afterwards: the timer and other messages count on the note. If that is lost, there
 * may be a message more than needed, until the first of them that comes too early ends.
 */
async function putBack(
  deps: SweepDeps,
  row: SweepRow,
  attempt: number,
  failure: ServiceFailure,
): Promise<void> {
  const { retrySeconds } = deps.settings;
  const scheduled = retrySeconds[Math.min(attempt, retrySeconds.length - 1)] ?? 60;
  const wait = Math.max(failure.retryAfterSeconds ?? scheduled, 1);
  const delaySeconds = Math.min(Math.ceil(wait * (1 + deps.random() * jitterShare)), longestDelaySeconds);
  const { row: present, token, readAt } = await deps.sweeps.read();
  await sendPage(deps, row, { attempt: attempt + 1, delaySeconds });
  if (present?.sweepId === row.sweepId && present.page === row.page && present.finishedAt === '') {
    const putBackUntil = new Date(readAt.getTime() + delaySeconds * 1000).toISOString();
    await deps.sweeps.write(token, { putBackUntil });
  }
  deps.log.warn('sweep-page-retry', {
    sweepId: row.sweepId,
    page: row.page,
    service: failure.service,
    status: failure.status,
    reason: failure.message,
    delaySeconds,
    attempt: attempt + 1,
  });
}

const dayOf = (time: string): string => time.slice(0, 10);

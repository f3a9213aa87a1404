import { randomUUID } from 'node:crypto';
import type { Log } from '../log';
import type { EventQueue } from '../storage/event-queue';
import { queueNames } from '../storage/names';
import type { SweepRow, SweepTable } from '../storage/sweep-table';
import { toDate } from '../storage/to-date';
import { decideSweepStart } from './decide-sweep-start';
import { pageMessage } from './page-message';
import { noCounts } from './sweep-counts';

export interface StartDeps {
  sweeps: SweepTable;
  queue: EventQueue;
  log: Log;
}

/** What the timer does: begins a sweep if it is time, and helps on one that was cut off. @throws ServiceFailure */
export async function startWhenDue(deps: StartDeps, settings: { isScheduled: boolean }): Promise<void> {
  const { sweeps, log } = deps;
  const { row, readAt } = await sweeps.read();
  const { plan, reason } = decideSweepStart(row && { ...row, ...stateOf(row) }, settings, readAt);
  if (plan === 'start') await startSweep(deps, reason);
  else if (plan === 'send-again' && row) await sendPage(deps, row);
  if (plan !== 'start') log.info('sweep-not-started', { plan, reason });
}

/**
 * Asks for a sweep that begins after this call: now, or where one is running, when that one ends.
 * @param reason a sentence for the record and the log.
 * @throws ServiceFailure
 */
export async function requestSweep(deps: StartDeps, reason: string): Promise<void> {
  for (;;) {
    const { row, token } = await deps.sweeps.read();
    const isRunning = row?.finishedAt === '';
    if (!isRunning) {
      if (await startSweep(deps, reason)) return;
    } else if ((await deps.sweeps.write(token, { wanted: reason })) !== undefined) {
      deps.log.info('sweep-wanted', { sweepId: row.sweepId, reason });
      return;
    }
  }
}

/**
 * Begins a sweep unless one is running. If the worker ends between the row and the message, the timer sends it.
 * @returns false if somebody else began one meanwhile.
 */
export async function startSweep(deps: StartDeps, reason: string): Promise<boolean> {
  const { sweeps, log } = deps;
  const { row, token, readAt } = await sweeps.read();
  if (row?.finishedAt === '') return false;
  const now = readAt.toISOString();
  const sweep = {
    sweepId: randomUUID(),
    reason,
    startedAt: now,
    finishedAt: '',
    outcome: '',
    page: 1,
    pageAt: now,
    putBackUntil: '',
    movedBy: '',
    stage: 'people',
    nextLink: '',
    leaversFrom: '',
    counts: noCounts(),
    graphTime: '',
    wanted: '',
    scopeKey: '',
  } satisfies Partial<SweepRow>;
  const isWritten = (await sweeps.write(token, sweep)) !== undefined;
  // Where Storage's answer was lost, the write seems to have been beaten: the id tells that the row is our own.
  if (!isWritten && (await sweeps.read()).row?.sweepId !== sweep.sweepId) return false;
  log.info('sweep-started', { sweepId: sweep.sweepId, reason });
  await sendPage(deps, sweep);
  return true;
}

/** Has the row's own page worked through. */
export async function sendPage(
  { queue }: Pick<StartDeps, 'queue'>,
  { sweepId, page }: Pick<SweepRow, 'sweepId' | 'page'>,
  { attempt = 0, delaySeconds = 0 } = {},
): Promise<void> {
  await queue.sendMessage(queueNames.sweepPage, pageMessage({ sweepId, page, attempt }), { delaySeconds });
}

/** What the decisions ask of a sweep's row besides what stands in it. */
export const stateOf = (row: SweepRow) => ({
  isFinished: row.finishedAt !== '',
  startedAt: new Date(row.startedAt),
  pageAt: new Date(row.pageAt),
  putBackUntil: toDate(row.putBackUntil),
});

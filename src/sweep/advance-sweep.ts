import type { SweepRow } from '../storage/sweep-table';
import type { SweepDeps } from './sweep-deps';

/**
 * Moves the row forward by one page, unless somebody else did. Only whoever moved it goes on: that makes one chain of
 * two. A note that another sweep is wanted may change the row meanwhile, and is kept.
 * @param runId names this run: where Storage's answer was lost, the name in the row tells that the write is our own.
 * @returns the row after it; undefined if it was somebody else.
 */
export async function advanceSweep(
  { sweeps }: Pick<SweepDeps, 'sweeps'>,
  runId: string,
  done: SweepRow,
  changes: Partial<SweepRow>,
  beforeWriting: (readAt: Date) => Promise<Partial<SweepRow>> = async () => ({}),
): Promise<SweepRow | undefined> {
  for (;;) {
    const { row, token, readAt } = await sweeps.read();
    if (row?.sweepId !== done.sweepId) return undefined;
    if (row.page === done.page + 1 && row.movedBy === runId) return row;
    if (row.page !== done.page || row.finishedAt !== '') return undefined;
    const moved = {
      ...changes,
      ...(await beforeWriting(readAt)),
      page: done.page + 1,
      pageAt: readAt.toISOString(),
      putBackUntil: '',
      movedBy: runId,
    };
    if ((await sweeps.write(token, moved)) !== undefined) return { ...row, ...moved };
  }
}

/** The last step. The record comes first: if the worker ends in between, the step is done again and recorded again. */
export async function finishSweep(
  deps: Pick<SweepDeps, 'sweeps' | 'log'>,
  runId: string,
  done: SweepRow,
  changes: Partial<SweepRow>,
  outcome: 'complete' | 'failed',
): Promise<SweepRow | undefined> {
  const { sweepId, reason, startedAt } = done;
  const counts = changes.counts ?? done.counts;
  const scopeKey = changes.scopeKey ?? done.scopeKey;
  const lasting = outcome === 'complete' && {
    people: counts.seen,
    ...(scopeKey !== 'mixed' && { baselineOf: scopeKey }),
  };
  const finished = await advanceSweep(deps, runId, done, { ...changes, ...lasting, outcome }, async (now) => {
    const finishedAt = now.toISOString();
    const durationMs = Math.max(0, now.getTime() - Date.parse(startedAt));
    await deps.sweeps.record({ sweepId, reason, startedAt, finishedAt, outcome, durationMs, counts });
    return { finishedAt };
  });
  if (!finished) return undefined;
  const { skipped, ...numbers } = counts;
  const skippedBy = Object.entries(skipped).map(([code, people]) => `${code}: ${String(people)}`);
  const durationMs = Date.parse(finished.finishedAt) - Date.parse(startedAt);
  const fields = { sweepId, outcome, reason, durationMs, ...numbers, skipped: skippedBy };
  if (outcome === 'complete') deps.log.info('sweep-finished', fields);
  else deps.log.error('sweep-finished', fields);
  return finished;
}

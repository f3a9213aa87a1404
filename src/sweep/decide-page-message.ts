/** A sweep that has finished no page for so long has lost its worker. */
const stalledMs = 3 * 60_000;
/** Services tell the time in whole seconds, each its own. */
const marginMs = 2000;

interface RunningSweep {
  sweepId: string;
  page: number;
  isFinished: boolean;
  /** When the page before was finished, by Storage's time. */
  pageAt: Date;
  /** When the message is due with which the page was put back, by Storage's time; undefined where none was. */
  putBackUntil: Date | undefined;
}

/** Whether a message that was put back stands for every other one meanwhile: each of them would be put back as well. */
export const isPutBack = (row: Pick<RunningSweep, 'putBackUntil'>, now: Date): boolean =>
  row.putBackUntil !== undefined && row.putBackUntil.getTime() - now.getTime() > marginMs;

/**
 * `work`: it is this page's turn. `send-again`: only the row's own page is sent once more. `drop`: it stands for
 * nothing any more.
 */
export type PageTurn = 'work' | 'send-again' | 'drop';

/**
 * What a message about a page is worth. There may be more messages than one, but only the one that moves the row
 * forward goes on, so that two chains become one.
 * @param now Storage's time.
 */
export function decidePageMessage(
  message: { sweepId: string; page: number },
  row: RunningSweep | undefined,
  now: Date,
): PageTurn {
  if (!row || row.isFinished || message.sweepId !== row.sweepId) return 'drop';
  if (isPutBack(row, now)) return 'drop';
  if (message.page === row.page) return 'work';
  // Its worker ended after it had moved the row and before it could send the next message.
  if (message.page === row.page - 1) return 'send-again';
  // A run works through many pages; when its worker ends, what comes back is the message that the run began with.
  const isStalled = now.getTime() - row.pageAt.getTime() >= stalledMs;
  return message.page < row.page && isStalled ? 'send-again' : 'drop';
}

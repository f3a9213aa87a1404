import { ServiceFailure } from '../errors';
import type { ControlReading, ControlTable } from '../storage/control-table';
import { untilWon, type Waiting } from '../storage/until-won';
import { decideFirstWrite } from './decide-first-write';
import { longestSleepMs } from './reserve-budget';

export interface FirstWritesDeps extends Waiting {
  control: ControlTable;
  settings: { checkedFirstWrites: number; claimMs: number };
  monotonicMs: () => number;
}

const pollMs = 500;

/**
 * One of the first writes after a switch to apply waits here for the one before it.
 * @param reading the control rows as just read.
 * @returns whether this write is one of the first, to be read back and reported.
 * @throws ServiceFailure where it would sleep for more than 20 s: the event comes back then.
 */
export async function waitForTurn(
  deps: FirstWritesDeps,
  personId: string,
  reading: ControlReading,
): Promise<boolean> {
  const { control, settings, monotonicMs, sleep, random } = deps;
  if (settings.checkedFirstWrites === 0) return false;
  const startedAt = monotonicMs();
  let present = reading;
  for (;;) {
    const { firstWrites, readAt } = present;
    const decided = decideFirstWrite({
      row: firstWrites.row,
      personId,
      now: readAt,
      checked: settings.checkedFirstWrites,
      longestMs: settings.claimMs + longestSleepMs,
    });
    if (decided.kind === 'unchecked') return false;
    if (decided.kind === 'take') {
      const token = await control.writeFirstWrites(firstWrites.token, { ...decided.row });
      if (token !== undefined) return true;
    }
    if (monotonicMs() - startedAt > longestSleepMs - pollMs) throw comeBackLater(random);
    await sleep(pollMs * (0.5 + random()));
    present = await control.read();
  }
}

function comeBackLater(random: () => number): ServiceFailure {
  return new ServiceFailure(
    'budget',
    'The first writes after a switch to SYNC_MODE=apply go one by one, and each is read back before the next.',
    { retryAfterSeconds: 20 + random() * 40 },
  );
}

/** Lets the next one in. @param isVerified the write was read back and is as written. */
export async function endTurn(deps: FirstWritesDeps, personId: string, isVerified: boolean): Promise<void> {
  await untilWon(deps, async () => {
    const { firstWrites } = await deps.control.read();
    const { row, token } = firstWrites;
    // It took too long, and another's turn came.
    if (row?.outstandingBy !== personId) return undefined;
    const verified = row.verified + (isVerified ? 1 : 0);
    const ended = { verified, outstandingBy: '', outstandingSince: '' };
    return (await deps.control.writeFirstWrites(token, ended)) === undefined ? 'lost' : undefined;
  });
}

/** The app only reports, or takes back what it wrote: what it writes later are first writes again. */
export async function noteReporting({ control }: Pick<FirstWritesDeps, 'control'>): Promise<void> {
  const { firstWrites } = await control.read();
  if (firstWrites.row?.mode === 'report') return;
  // Where somebody else was faster with another note, the next timer notes this one.
  await control.writeFirstWrites(firstWrites.token, { mode: 'report', verified: 0, outstandingBy: '' });
}

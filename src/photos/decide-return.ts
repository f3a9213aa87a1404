import type { FailingService } from '../errors';
import type { ApplySettings } from './apply-settings';
import type { PhotoEvent } from './photo-event';

/** A sweep sends these again by itself for as long as there is something to do, and each time as a new event. */
const sentBySweeps: ReadonlySet<PhotoEvent['cause']> = new Set([
  'sweep',
  'deferred',
  'confirm',
  'files',
  'check',
]);
export const isSentBySweeps = (cause: PhotoEvent['cause']): boolean => sentBySweeps.has(cause);
const longestMs = 3 * 86_400_000;

/**
 * Whether an event that could not be carried out comes back, or ends and is left to the next sweep. Something may fail
 * for good, and with every sweep there would be one event more that comes back for ever.
 * @param facts.failing what failed. To wait for a turn is no failure: however many wait, their number goes down.
 * @param facts.now Storage's time, as `firstSeenAt`.
 * @param facts.tries how often what a sweep sent comes back.
 */
export function decideReturn(
  event: Pick<PhotoEvent, 'cause' | 'attempt' | 'firstSeenAt'>,
  facts: {
    failing: FailingService | undefined;
    mode: ApplySettings['mode'];
    now: Date;
    tries: number;
  },
): 'comes-back' | 'ends' {
  const { cause, attempt, firstSeenAt } = event;
  const { failing, mode, now, tries } = facts;
  // Nobody else would carry out what an admin has asked for: a sweep would write the picture again instead.
  if (cause === 'restore' && mode !== 'remove') return 'comes-back';
  if (firstSeenAt !== undefined && now.getTime() - Date.parse(firstSeenAt) >= longestMs) return 'ends';
  // While the app takes itself out, each round through its rows sends anew what is still to be restored.
  const isSentAgain = isSentBySweeps(cause) || (mode === 'remove' && cause === 'restore');
  return isSentAgain && failing !== 'budget' && attempt >= tries ? 'ends' : 'comes-back';
}

import type { ControlTable } from '../storage/control-table';
import type { PhotoQueueName } from '../storage/names';
import type { ScopeSource } from '../scope/scope-source';
import type { PhotoEvent } from '../photos/photo-event';

/** Why nothing is written now: for this person, or (all but `out-of-scope`) for anyone. */
export interface Stop {
  code: 'paused' | 'breaker' | 'day-limit' | 'scope' | 'out-of-scope';
  reason: string;
}

/** What is about to be done in SharePoint for one person. */
export interface IntendedWork {
  personId: string;
  /** Live events may take the whole burst of the budget, the backlog only half. */
  queue: PhotoQueueName;
  cause: PhotoEvent['cause'];
  /** `check` reads only, and counts neither for the breaker nor for the day. */
  kind: 'write' | 'clear' | 'restore' | 'check';
  /** SHA-256 (hex) of the largest picture, where one is written: the same for many persons stops the writer. */
  pictureSha256?: string;
}

/** `mustReadBack`: one of the first writes after a switch to apply, to be reported with `readBack`. */
export type Admission = { stop: Stop } | { mustReadBack: boolean };

/**
 * Whether SharePoint may be written to: the pause, the breaker, the scope, the budget of requests and the count of
 * the day, for all instances together.
 */
export interface WriteGate {
  /** Right before each request to SharePoint that belongs to a write. */
  stopFor(personId: string): Promise<Stop | undefined>;
  /**
   * Before a claim: takes what the work costs from the budget, and waits for it up to 20 s.
   * @throws ServiceFailure where the wait would be longer: the event comes back then.
   */
  admit(work: IntendedWork): Promise<Admission>;
  /** The outcome of a write that had to be read back. */
  readBack(personId: string, problem: string | undefined): Promise<void>;
  /** SharePoint said 429: nobody asks it for anything until then. */
  throttled(retryAfterSeconds: number): Promise<void>;
  /** A picture of ours whose photo is gone was seen for the first time. @param now Graph's time. */
  removalSeen(personId: string, now: Date): Promise<void>;
}

export function createWriteGate(deps: { control: ControlTable; scope: ScopeSource }): WriteGate {
  const { control, scope } = deps;
  const stopFor = async (personId: string): Promise<Stop | undefined> => {
    const [paused, unknown, standing] = await Promise.all([
      control.pausedBecause(),
      scope.unknownBecause(),
      scope.standingOf(personId),
    ]);
    if (paused !== undefined) return { code: 'paused', reason: `Writing is paused: ${paused}.` };
    if (unknown !== undefined) return { code: 'scope', reason: unknown };
    if (standing.isExcluded || !standing.isIncluded) {
      return { code: 'out-of-scope', reason: 'This person left the scope.' };
    }
    return undefined;
  };
  return {
    stopFor,
    admit: async () => ({ mustReadBack: false }),
    readBack: async () => undefined,
    throttled: async () => undefined,
    removalSeen: async () => undefined,
  };
}

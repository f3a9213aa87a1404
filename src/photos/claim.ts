import type { ControlTable } from '../storage/control-table';
import { emptyRow, type PersonReading, type PersonRow, type PersonTable } from '../storage/person-table';

/** Somebody else wrote the person's row, or we took too long: what we hold may be old, so nothing more is written. */
export class ClaimLost extends Error {
  constructor() {
    super('Another worker took over this person.');
    this.name = 'ClaimLost';
  }
}

/** An admin paused writing, with the reason given. */
export class WritingPaused extends Error {
  constructor(readonly because: string) {
    super(`Writing is paused: ${because}.`);
    this.name = 'WritingPaused';
  }
}

/**
 * A claim is no lock: nobody waits for it and nothing expires. It is the etag of the person's dirty row. Whoever claims
 * later changes that etag, so an earlier worker finds out before its next request.
 */
export interface Claim {
  /** The row as it was claimed. */
  row: PersonRow;
  /** Storage's time of the last read of the row. */
  readAt: Date;
  /** Right before each SharePoint request. @throws ClaimLost, WritingPaused */
  check(): Promise<void>;
  /** Adds to the row while the claim goes on. @throws ClaimLost */
  note(changes: Partial<PersonRow>): Promise<void>;
  /** The last write of the claim: clean. @returns false if it was lost. */
  close(changes: Partial<PersonRow>): Promise<boolean>;
}

/**
 * Marks the person's row dirty by compare-and-set with the token of `reading`. From here on no photo counts as settled,
 * however this ends: a photo may come back with the etag it had when it was written.
 * @param deps.monotonicMs a clock that no one can set: the limit must hold on a machine whose time is wrong.
 * @returns undefined if somebody wrote the row since it was read.
 */
export async function claimPerson(
  deps: { people: PersonTable; control: ControlTable; claimMs: number; monotonicMs: () => number },
  personId: string,
  reading: PersonReading,
): Promise<Claim | undefined> {
  const { people, control, claimMs, monotonicMs } = deps;
  const startedAt = monotonicMs();
  let token = await people.write(personId, reading.token, { dirty: true, settledEtag: '' });
  if (token === undefined) return undefined;

  const claim: Claim = {
    row: reading.row ?? emptyRow,
    readAt: reading.readAt,
    async check() {
      const [now, paused] = await Promise.all([people.read(personId), control.pausedBecause()]);
      if (now.token !== token || monotonicMs() - startedAt > claimMs) throw new ClaimLost();
      if (paused !== undefined) throw new WritingPaused(paused);
      claim.readAt = now.readAt;
    },
    async note(changes) {
      const next = await people.write(personId, token, changes);
      if (next === undefined) throw new ClaimLost();
      token = next;
    },
    async close(changes) {
      return (await people.write(personId, token, { ...changes, dirty: false })) !== undefined;
    },
  };
  return claim;
}

import type { Stop, WriteGate } from '../writing/gate';
import { emptyRow, type PersonReading, type PersonRow, type PersonTable } from '../storage/person-table';

/** Somebody else wrote the person's row, or we took too long: what we hold may be old, so nothing more is written. */
export class ClaimLost extends Error {
  constructor() {
    super('Another worker took over this person.');
    this.name = 'ClaimLost';
  }
}

/** Nothing may be written now. */
export class WritingStopped extends Error {
  /** @param seen the photo that would have been written, for the row: no sweep takes it for news then. */
  constructor(
    readonly stop: Stop,
    readonly seen: Partial<PersonRow> = {},
  ) {
    super(stop.reason);
    this.name = 'WritingStopped';
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
  /** Right before each SharePoint request. @throws ClaimLost, WritingStopped */
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
 * @param columns what to note with the claim.
 * @returns undefined if somebody wrote the row since it was read.
 */
export async function claimPerson(
  deps: {
    people: PersonTable;
    gate: Pick<WriteGate, 'stopFor'>;
    claimMs: number;
    monotonicMs: () => number;
  },
  personId: string,
  reading: PersonReading,
  columns: Partial<PersonRow> = {},
): Promise<Claim | undefined> {
  const { people, gate, claimMs, monotonicMs } = deps;
  const startedAt = monotonicMs();
  let token = await people.write(personId, reading.token, {
    ...columns,
    dirty: true,
    settledEtag: '',
  });
  if (token === undefined) return undefined;

  const claim: Claim = {
    row: { ...(reading.row ?? emptyRow), ...columns },
    readAt: reading.readAt,
    async check() {
      const [now, stop] = await Promise.all([people.read(personId), gate.stopFor(personId)]);
      if (now.token !== token || monotonicMs() - startedAt > claimMs) throw new ClaimLost();
      if (stop) throw new WritingStopped(stop);
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

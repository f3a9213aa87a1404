import { emptyRow, type PersonReading, type PersonRow } from '../storage/person-table';
import type { Account } from '../tenant/graph-answers';
import { asOneWrite, type Begin } from './as-one-write';
import { ClaimLost, WritingStopped, claimPerson, type Claim } from './claim';
import { noDoubt } from './decide-doubt';
import type { Plan } from './decide-photo';
import { readBack } from './read-back';
import { deferralColumns, logPlan, planColumns } from './record-plan';
import type { ApplyDeps, Run } from './run';
import { hashesOf, writePictures, type Files } from './write-pictures';
import { hashesOfBegun, hashesOfClosed, type Hashes } from './written-hashes';

/** `again`: somebody wrote the row before our claim. `again-forced`: SharePoint may hold an older picture by now. */
export type Outcome = 'settled' | 'again' | 'again-forced';

/** A photo that is to be written, with all that was decided and read for it. */
export interface PhotoToWrite {
  plan: Plan;
  account: Account;
  /** What the look alone tells, for the row of whoever may not be written now. */
  seen: Partial<PersonRow>;
  settled: { seenEtag: string; settledEtag: string; settledKind: string };
  files: Files;
}

/**
 * Where the gate lets it, claims the person and writes the photo; looks at it again, and closes the row.
 * @param reading the row that the plan was made from.
 * @throws WritingStopped, ServiceFailure
 */
export async function claimAndWrite(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  work: PhotoToWrite,
): Promise<Outcome> {
  const { gate } = deps;
  const { personId, cause } = run.event;
  const admission = await gate.admit({
    ...{ personId, cause, queue: run.delivery.queue, kind: 'write' },
    pictureSha256: hashesOf(work.files).L,
  });
  if ('stop' in admission) {
    throw new WritingStopped(admission.stop, work.seen);
  }
  const write = (checkWritten?: typeof readBackFirst) =>
    asOneWrite(gate, admission, (begin) =>
      writeInClaim({ ...deps, begin }, run, reading, work, checkWritten),
    );
  if (!admission.mustReadBack) return write();
  try {
    return await write(readBackFirst);
  } finally {
    // However it ended: the next of the first writes must not wait for this one.
    await gate.endFirstWrite(personId, 'not-written');
  }
}

/** One of the first writes: what SharePoint does not keep as it was written stops all writing. */
async function readBackFirst(
  { gate, settings, ...deps }: ApplyDeps,
  claim: Claim,
  person: { id: string; userPrincipalName: string },
  hashes: Hashes,
): Promise<void> {
  const problem = await readBack({ ...deps, geos: settings.geos }, claim, person, hashes);
  const stop = await gate.endFirstWrite(person.id, problem === undefined ? 'as-written' : { problem });
  if (stop) throw new WritingStopped(stop);
}

async function writeInClaim(
  deps: ApplyDeps & { begin: Begin },
  run: Run,
  reading: PersonReading,
  { plan, account, settled, files }: PhotoToWrite,
  checkWritten?: typeof readBackFirst,
): Promise<Outcome> {
  const { settings } = deps;
  const { personId } = run.event;
  const hashes = hashesOf(files);
  const before = reading.row ?? emptyRow;
  const claim = await claimPerson({ ...deps, claimMs: settings.claimMs }, personId, reading, {
    ...hashesOfBegun(before, hashes),
    // Our files are in use again, and the photo is there: neither may be held against it if this is cut off.
    filesDueAt: '',
    ...(before.doubt === 'removed' && noDoubt),
  });
  if (!claim) return 'again';
  run.hasClaimed = true;
  const decided = (made: Plan) => ({
    ...planColumns(made, run.now),
    ...deferralColumns(deps, claim.row, made, run.now),
  });
  try {
    const person = { id: personId, userPrincipalName: account.userPrincipalName };
    const stopped = await writePictures({ ...deps, geos: settings.geos }, claim, person, files);
    run.now = claim.readAt;
    const { seenEtag, settledEtag } = settled;
    if (stopped) {
      const { ended, hasBegun } = stopped;
      const columns = {
        ...decided(ended),
        seenEtag,
        lookStartedAt: reading.readAt.toISOString(),
        ...(!hasBegun && { writingSha256: before.writingSha256, filesDueAt: before.filesDueAt }),
      };
      if (!(await claim.close(columns))) return 'again-forced';
      logPlan(deps, run, ended);
      return 'settled';
    }
    await checkWritten?.(deps, claim, person, hashes);
    const after = await deps.photos.look(personId);
    if (after.kind !== 'photo' || after.etag !== settledEtag) return 'again-forced';
    const closed = await claim.close({
      ...decided(plan),
      ...settled,
      ...hashesOfClosed(claim.row, hashes),
      trial: '',
      appliedEtag: settledEtag,
      filesDueAt: '',
      checkDueAt: new Date(after.at.getTime() + settings.checkAfterMs).toISOString(),
      appliedAt: run.now.toISOString(),
      lookStartedAt: run.now.toISOString(),
    });
    if (!closed) return 'again-forced';
    logPlan(deps, run, plan, { written: true });
    return 'settled';
  } catch (error) {
    if (error instanceof ClaimLost) return 'again-forced';
    throw error;
  }
}

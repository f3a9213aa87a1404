import { randomBytes } from 'node:crypto';
import { messageOf } from '../errors';
import type { Log } from '../log';
import type { BreakerTable } from '../storage/breaker-table';
import type { ControlReading, ControlTable } from '../storage/control-table';
import { untilWon, type Waiting } from '../storage/until-won';
import {
  decideRemovals,
  decideSamePicture,
  freshPictures,
  isPast,
  noteRemoval,
  noteSamePicture,
  removalsIn,
  type BreakerSettings,
} from './decide-breaker';
import type { Stop } from './gate';

export type BreakerKind = 'removals' | 'same-picture' | 'first-writes';

export interface BreakerDeps extends Waiting {
  control: ControlTable;
  table: BreakerTable;
  settings: BreakerSettings & { resume: string | undefined };
  /** How many people have a picture that the app wrote, by the last sweep; undefined before the first. */
  countWritten: () => Promise<number | undefined>;
  /** Takes up what was left while writing was stopped. */
  requestSweep: (log: Log) => Promise<void>;
}

/** The stop in force, if there is one. An admin's word for it, in BREAKER_RESUME, ends it. */
export async function breakerStop(
  deps: BreakerDeps,
  log: Log,
  reading: ControlReading,
): Promise<Stop | undefined> {
  const { row } = reading.breaker;
  if (!row?.stopId || row.resumedAt) return undefined;
  if (deps.settings.resume === row.stopId) {
    await resume(deps, log, reading);
    return undefined;
  }
  return stopOf(row);
}

/**
 * Takes an admin's word in BREAKER_RESUME also where nobody is to be written, and warns where it is of another stop than
 * the one in force.
 */
export async function heedResume(deps: BreakerDeps, log: Log): Promise<void> {
  const { resume: named } = deps.settings;
  if (named === undefined) return;
  const reading = await deps.control.read();
  if (!(await breakerStop(deps, log, reading))) return;
  const stopId = reading.breaker.row?.stopId ?? '';
  const reason = `BREAKER_RESUME is not the id of the stop in force, so writing stays stopped. If all is as it should be, set BREAKER_RESUME=${stopId} and restart the app.`;
  log.warn('breaker-resume-unknown', { stopId, named, reason });
}

function stopOf({ stopId, reason }: { stopId: string; reason: string }): Stop {
  const whatToDo = `Look into it; if it is as it should be, set BREAKER_RESUME=${stopId} and restart the app.`;
  return { code: 'breaker', reason: `Writing is stopped. ${reason} ${whatToDo}` };
}

/**
 * Stops all writing, unless it is stopped already.
 * @param cause.reason names nobody: it is kept, also in the row of everybody who is stopped, where nobody's erasure
 *   would find it.
 * @param personId of the one person whose write it was, for the log only.
 */
export async function tripBreaker(
  { control, ...waiting }: Pick<BreakerDeps, 'control'> & Waiting,
  log: Log,
  cause: { kind: BreakerKind; reason: string; detail?: string },
  personId?: string,
): Promise<Stop> {
  const stopId = randomBytes(4).toString('hex');
  return untilWon(waiting, async () => {
    const { breaker, readAt } = await control.read();
    if (breaker.row?.stopId && !breaker.row.resumedAt) return stopOf(breaker.row);
    const row = { stopId, detail: '', ...cause, since: readAt.toISOString(), resumedAt: '' };
    if ((await control.writeBreaker(breaker.token, row)) === undefined) return 'lost';
    const stop = stopOf(row);
    log.error('breaker-stopped', { stopId, kind: cause.kind, personId, reason: stop.reason });
    return stop;
  });
}

/** Counts a removal, and stops all writing where there are too many. @param now Graph's time. */
export async function noteRemovalSeen(
  deps: BreakerDeps,
  log: Log,
  personId: string,
  now: Date,
): Promise<void> {
  const { table, settings } = deps;
  const removals = await untilWon(deps, async () => {
    const hours = await table.removalHours();
    for (const hour of hours) if (isPast(hour, now)) await table.removeRemovalHour(hour);
    const noted = noteRemoval(hours, personId, now);
    if (!noted) return 0;
    const present = hours.find(({ hour }) => hour === noted.hour);
    if ((await table.writeRemovalHour(present?.token, noted)) === undefined) return 'lost';
    return removalsIn([...hours.filter((hour) => hour !== present), noted], now);
  });
  if (removals <= settings.removals) return;
  const reason = decideRemovals(removals, await deps.countWritten(), settings);
  if (reason) await tripBreaker(deps, log, { kind: 'removals', reason });
}

/** Notes who gets this picture, and stops all writing where it is the same for too many. */
export async function noteWearer(
  deps: BreakerDeps,
  log: Log,
  personId: string,
  sha256: string,
): Promise<Stop | undefined> {
  const { table, settings } = deps;
  const reason = await untilWon(deps, async () => {
    const { pictures, token, readAt } = await table.readPictures(sha256);
    const known = pictures.find((picture) => picture.sha256 === sha256);
    const noted = noteSamePicture(known, sha256, personId, readAt);
    if (noted) {
      const others = freshPictures(
        pictures.filter((picture) => picture !== known),
        readAt,
      );
      if ((await table.writePictures(sha256, token, [...others, noted])) === undefined) return 'lost';
    }
    return { text: decideSamePicture(noted ?? known, readAt, settings) };
  });
  if (reason.text === undefined) return undefined;
  return tripBreaker(deps, log, { kind: 'same-picture', reason: reason.text, detail: sha256 });
}

/** What led to the stop counts no longer: first that, so that a crash in between leaves the stop as it is. */
async function resume(deps: BreakerDeps, log: Log, { breaker, readAt }: ControlReading): Promise<void> {
  const { table, control } = deps;
  const { kind, detail, stopId } = breaker.row ?? { kind: '', detail: '', stopId: '' };
  if (kind === 'removals') {
    for (const hour of await table.removalHours()) await table.removeRemovalHour(hour);
  }
  if (kind === 'same-picture') await allowPicture(deps, detail);
  const written = await control.writeBreaker(breaker.token, { resumedAt: readAt.toISOString() });
  if (written === undefined) return;
  log.warn('breaker-resumed', { stopId, kind });
  try {
    await deps.requestSweep(log);
  } catch (error) {
    // The next sweep takes up what was left, only later.
    log.warn('sweep-not-requested', { reason: messageOf(error) });
  }
}

function allowPicture({ table, ...waiting }: BreakerDeps, sha256: string): Promise<void> {
  return untilWon(waiting, async () => {
    const { pictures, token } = await table.readPictures(sha256);
    const others = pictures.filter((picture) => picture.sha256 !== sha256);
    const allowed = [...others, { sha256, wearers: {}, isAllowed: true }];
    return (await table.writePictures(sha256, token, allowed)) === undefined ? 'lost' : undefined;
  });
}

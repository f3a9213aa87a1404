import type { PersonRow } from '../storage/person-table';
import { queueNames } from '../storage/names';
import { decideCheck, nextCheckAt, type CheckPlan } from './decide-check';
import { decideBeforeLook } from './decide-photo';
import type { Outcome } from './claim-and-write';
import { readShown } from './read-shown';
import { logPlan, planColumns } from './record-plan';
import type { ApplyDeps, Run } from './run';

/**
 * Reads back in SharePoint what this app wrote for a person. It claims nothing and writes nothing there: a picture that
 * is to be written again gets an event of its own.
 *
 * This finds what claim and force can't close: a request that stalled for minutes and reached SharePoint after a newer one.
 * @throws ServiceFailure
 */
export async function checkPicture(deps: ApplyDeps, run: Run): Promise<Outcome> {
  const { people, gate, scope, settings } = deps;
  const { personId, cause } = run.event;
  const [reading, standing] = await Promise.all([people.read(personId), scope.standingOf(personId)]);
  run.now = reading.readAt;
  const { row } = reading;
  const isOurs = row !== undefined && !row.dirty && row.appliedEtag !== '';
  if (settings.mode !== 'apply' || !isOurs || decideBeforeLook(row, standing)) return 'settled';
  const admission = await gate.admit({ personId, cause, queue: run.delivery.queue, kind: 'check' });
  // Of whoever is not checked now, the check stays due: a later sweep asks again.
  if ('stop' in admission) return 'settled';
  const found = await readShown(deps, personId, row);
  if (!found) return 'settled';

  const at = found.at ?? reading.readAt;
  const decided = decideCheck(found.shown, { ...row, rewrittenAt: timesOf(row.rewrittenAt) }, at);
  const columns = {
    checkedAt: at.toISOString(),
    checkDueAt: nextCheckAt(at, deps.random()),
    ...columnsOf(decided, reading.readAt),
  };
  // Somebody wrote the row since it was read, so what was found may be half of what they wrote.
  if ((await people.write(personId, reading.token, columns)) === undefined) return 'settled';
  logPlan(deps, run, decided.plan);
  if (decided.do === 'write-again') {
    // Should this fail, the row is dirty, and a sweep takes it up.
    const event = { ...run.event, cause: 'retry', force: true, attempt: 0 } as const;
    await deps.queue.send(queueNames.photoChangedBacklog, event);
  }
  return 'settled';
}

function columnsOf(decided: CheckPlan, now: Date): Partial<PersonRow> {
  switch (decided.do) {
    case 'note':
      return {};
    case 'record':
      return planColumns(decided.plan, now);
    case 'hold':
      return { ...planColumns(decided.plan, now), hold: decided.hold };
    case 'write-again': {
      const rewrittenAt = JSON.stringify(decided.rewrittenAt);
      return { ...planColumns(decided.plan, now), rewrittenAt, dirty: true, settledEtag: '' };
    }
  }
}

/** Rows are untrusted: what is no time is none. */
function timesOf(json: string): Date[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return [];
  }
  const times = Array.isArray(parsed) ? parsed.map((time) => new Date(String(time))) : [];
  return times.filter((time) => !Number.isNaN(time.getTime()));
}

import type { PersonReading, PersonRow } from '../storage/person-table';
import { decideDeferral } from './decide-deferral';
import type { Plan } from './decide-photo';
import type { ApplyDeps, Run } from './run';

/**
 * A plan as the row keeps it. A plan that was made ends what had failed before.
 * @param row as it was before: it tells since when the person is deferred.
 */
export function planColumns(
  deps: Pick<ApplyDeps, 'random'>,
  row: PersonRow | undefined,
  { plan, code, reason }: Plan,
  decidedAt: Date,
): Partial<PersonRow> {
  const isDeferred = plan === 'defer';
  const { deferredSince, nextLookAt } = isDeferred
    ? decideDeferral(row, decidedAt, deps.random())
    : notDeferred;
  const columns = { plan, code, reason, decidedAt: decidedAt.toISOString(), failure: '', failureAt: '' };
  return { ...columns, deferredSince, nextLookAt };
}

const notDeferred = { deferredSince: '', nextLookAt: '' };

/**
 * Writes down a plan that needs no claim.
 * @param reading the row that the plan was made from.
 * @returns false if somebody else wrote the row since: then the plan may be out of date, and it is to be made again.
 */
export async function recordPlan(
  deps: ApplyDeps,
  run: Run,
  reading: PersonReading,
  plan: Plan,
  changes: Partial<PersonRow> = {},
): Promise<boolean> {
  const columns = { ...planColumns(deps, reading.row, plan, reading.readAt), ...changes };
  const isRecorded = (await deps.people.write(run.event.personId, reading.token, columns)) !== undefined;
  if (isRecorded) logPlan(deps, run, plan);
  return isRecorded;
}

/** One line a decision: who, what, why, and what to follow it by. */
export function logPlan(
  deps: ApplyDeps,
  run: Run,
  plan: { plan: string; code: string; reason: string },
  details: { written: boolean } = { written: false },
): void {
  const { event, delivery } = run;
  deps.log.info('photo-decided', {
    personId: event.personId,
    plan: plan.plan,
    code: plan.code,
    reason: plan.reason,
    mode: deps.settings.mode,
    cause: event.cause,
    attempt: event.attempt,
    dequeueCount: delivery.dequeueCount,
    correlationId: event.correlationId,
    queuedAt: event.firstSeenAt ?? delivery.insertedAt.toISOString(),
    ...details,
  });
}

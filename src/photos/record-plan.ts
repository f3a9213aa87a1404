import type { PersonReading, PersonRow } from '../storage/person-table';
import { decideDeferral } from './decide-deferral';
import { noDoubt } from './decide-doubt';
import type { Plan } from './decide-photo';
import type { ApplyDeps, Run } from './run';

/** A plan as the row keeps it. A plan that was made ends what had failed before. */
export function planColumns({ plan, code, reason }: Plan, decidedAt: Date): Partial<PersonRow> {
  return { plan, code, reason, decidedAt: decidedAt.toISOString(), failure: '', failureAt: '' };
}

/** Until when a plan defers the person, if it does, and that nothing is in doubt. @param row as it was before: it tells since when. */
export function deferralColumns(
  deps: Pick<ApplyDeps, 'random'>,
  row: PersonRow | undefined,
  plan: Plan,
  decidedAt: Date,
): Partial<PersonRow> {
  if (plan.plan !== 'defer') return { ...noDoubt, deferredSince: '', nextLookAt: '' };
  return { ...noDoubt, ...decideDeferral(row, decidedAt, deps.random()) };
}

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
  const { row, readAt } = reading;
  const columns = { ...planColumns(plan, readAt), ...deferralColumns(deps, row, plan, readAt), ...changes };
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
